import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The way of every merging verb: open, plan, execute, report.
struct MergeRun {
  /// One output and how it is made.
  struct Job {
    let output: String
    let operation: MergeRecipe.Operation
  }

  private let options: MergeOptions
  /// Files with statistics of the sources' data.
  private let statistics: [String]

  init(_ options: MergeOptions, statistics: [String] = []) {
    self.options = options
    self.statistics = statistics
  }

  /// Makes one output.
  ///
  /// - Throws: `ExitCode` after the error was printed.
  func perform(
    _ operation: MergeRecipe.Operation, base: String? = nil, sources: [String]
  ) throws {
    try perform(base: base, sources: sources) { () throws(CheckpointError) in
      [Job(output: options.output, operation: operation)]
    }
  }

  /// Makes one output by a method, within a command that reports errors itself.
  ///
  /// - Throws: ``CheckpointError`` where it can't be made.
  func outcome(
    sources: [String],
    by method: @escaping @Sendable (_ count: Int) throws(CheckpointError) -> any MergeMethod
  ) throws(CheckpointError) -> Outcome {
    try run(
      [Job(output: options.output, operation: MergeRecipe.Operation(method))], base: nil,
      sources: sources)
    return Outcome.yes
  }

  /// Makes the outputs of a sweep in one pass over the inputs.
  ///
  /// - Throws: `ExitCode` after the error was printed.
  func perform(
    base: String? = nil, sources: [String], _ jobs: () throws(CheckpointError) -> [Job]
  ) throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      try run(try jobs(), base: base, sources: sources)
      return Outcome.yes
    }
  }

  private func run(
    _ jobs: [Job], base: String?, sources: [String]
  ) throws(CheckpointError) {
    var recipes: [MergeRecipe] = []
    var targets: [OutputTarget] = []
    for job in jobs {
      var recipe = try options.recipe(job.operation, base: base, sources: sources)
      recipe.statistics = statistics
      recipes.append(recipe)
      targets.append(try OutputTarget(job.output, template: recipe.inputs[0], options.outputs))
    }
    var inputs = try CheckpointFormats.openAll(recipes[0].inputs, threads: options.common.threads)
    // The template gives the output's names.
    let renaming = try options.names.renaming()
    for place in inputs.indices.dropFirst() {
      inputs[place] = try renaming.applied(to: inputs[place])
    }
    inputs = try options.matching.matched(inputs)
    keepDescriptions(of: inputs)
    var plans: [MergePlan] = []
    for (target, chosen) in zip(targets, recipes) {
      var recipe = chosen
      recipe.layouter = try OutputFormats.layouter(
        for: target.weights, family: nil, template: inputs[0],
        architecture: try options.matching.configuration())
      plans.append(try MergePlan(recipe, inputs: inputs, version: programVersion))
    }
    let executor = MergeExecutor(sweep: plans, options: options.execution)
    var reports = zip(plans, jobs).map { plan, job in
      MergeReport(plan, executor: executor, output: job.output)
    }
    if !options.dryRun {
      let (summaries, duration) = try options.timed { (progress) throws(CheckpointError) in
        try OutputTarget.write(targets) { (destinations) throws(CheckpointError) in
          try executor.run(to: destinations, progress: progress)
        }
      }
      for (place, summary) in summaries.enumerated() {
        reports[place].complete(with: summary, duration: duration)
      }
    }
    options.show(reports)
  }
}

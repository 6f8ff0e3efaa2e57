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
    let destinations = jobs.map { StagedFile.Destination(argument: $0.output) }
    try checkOutputs(destinations)
    var recipes: [MergeRecipe] = []
    for job in jobs {
      var recipe = try options.recipe(job.operation, base: base, sources: sources)
      recipe.statistics = statistics
      recipes.append(recipe)
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
    for (job, chosen) in zip(jobs, recipes) {
      var recipe = chosen
      recipe.layouter = try OutputFormats.layouter(
        for: job.output, family: nil, template: inputs[0],
        architecture: try options.matching.configuration())
      plans.append(try MergePlan(recipe, inputs: inputs, version: programVersion))
    }
    var settings = MergeExecutor.Options(threads: options.common.threads)
    settings.isDurable = options.sync
    settings.replacesExisting = options.force
    settings.computesChecksum = options.checksum
    let executor = MergeExecutor(sweep: plans, options: settings)
    var reports = zip(plans, jobs).map { plan, job in
      MergeReport(plan, executor: executor, output: job.output)
    }
    if options.dryRun {
      show(reports)
      return
    }
    let clock = ContinuousClock()
    let start = clock.now
    let bar = ProgressBar(isShown: !options.common.quiet && standardErrorIsTerminal())
    let summaries = try executor.run(to: destinations) { done, total in
      bar.update(done, of: total)
    }
    bar.finish()
    let duration = clock.now - start
    for (place, summary) in summaries.enumerated() {
      reports[place].complete(with: summary, duration: duration)
    }
    if options.common.json {
      show(reports)
    } else if !options.common.quiet {
      for warning in summaries[0].warnings { note("ctl-merge: note: \(warning)") }
      for report in reports { note(report.closingLine) }
    }
  }

  /// Judges the outputs first: nobody waits for surveys to learn of a misspelt folder.
  private func checkOutputs(
    _ destinations: [StagedFile.Destination]
  ) throws(CheckpointError) {
    if options.dryRun { return }
    if destinations.contains(.standardOutput), options.common.json {
      throw CheckpointError(
        .usage, subject: "--json", fact: "and -o - both want standard output",
        remedy: "write the checkpoint to a file")
    }
    for destination in destinations {
      try StagedFile.check(destination, replacing: options.force)
    }
  }

  /// Prints the plans or summaries: one as it is, several as a list.
  private func show(_ reports: [MergeReport]) {
    if options.common.json {
      print(reports.count == 1 ? jsonText(reports[0]) : jsonText(reports))
    } else {
      print(reports.map(\.text).joined(separator: "\n\n"))
    }
  }
}

import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging

/// The way of every merging verb: open, plan, execute, report.
struct MergeRun {
  private let options: MergeOptions

  init(_ options: MergeOptions) {
    self.options = options
  }

  /// Makes the recipe and carries it out.
  ///
  /// - Throws: `ExitCode` after the error was printed.
  func perform(_ makeRecipe: () throws(CheckpointError) -> MergeRecipe) throws {
    try concluding { () throws(CheckpointError) in
      try run(try makeRecipe())
      return Verdict.yes
    }
  }

  private func run(_ recipe: MergeRecipe) throws(CheckpointError) {
    let destination = StagedFile.Destination(argument: options.output)
    if destination == .standardOutput, options.common.json, !options.dryRun {
      throw CheckpointError(
        .usage, subject: "--json", fact: "and -o - both want standard output",
        remedy: "write the checkpoint to a file")
    }
    // The output is judged first: nobody waits for surveys to learn of a misspelt folder.
    if !options.dryRun { try StagedFile.check(destination, replacing: options.force) }
    let inputs = try openAll(recipe.inputs, threads: options.common.threads)
    let plan = try MergePlan(recipe, inputs: inputs, version: programVersion)
    var settings = MergeExecutor.Options(threads: options.common.threads)
    settings.isDurable = options.sync
    settings.replacesExisting = options.force
    settings.computesChecksum = options.checksum
    let executor = MergeExecutor(plan, options: settings)
    var report = MergeReport(plan, executor: executor, output: options.output)
    if options.dryRun {
      print(report.text(asJSON: options.common.json))
      return
    }
    let clock = ContinuousClock()
    let start = clock.now
    let bar = ProgressBar(isShown: !options.common.quiet && standardErrorIsTerminal())
    let summary = try executor.run(to: destination) { done, total in bar.update(done, of: total) }
    bar.finish()
    report.complete(with: summary, duration: clock.now - start)
    if options.common.json {
      print(report.text(asJSON: true))
    } else if !options.common.quiet {
      for warning in summary.warnings { note("ctl-merge: note: \(warning)") }
      note(report.closingLine)
    }
  }
}

/// Opens checkpoints side by side: most of the time of a survey is spent waiting for its worker.
///
/// - Throws: ``CheckpointError`` of the first name that can't be opened.
func openAll(_ names: [String], threads: Int) throws(CheckpointError) -> [Checkpoint] {
  if names.count(where: { $0 == "-" }) > 1 {
    throw CheckpointError(
      .usage, subject: "-", fact: "is named twice, but standard input can be read only once")
  }
  let opened = OpenedCheckpoints(count: names.count)
  try forEachConcurrently(count: names.count, threads: max(threads, 2), makeState: { () }) {
    (index, _: inout Void) throws(CheckpointError) in
    opened.set(try CheckpointFormats.open(names[index]), at: index)
  }
  return opened.all
}

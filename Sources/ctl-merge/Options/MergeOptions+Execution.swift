import Checkpoints
import Merging
import Terminal

extension MergeOptions {
  /// How the executor does its work.
  var execution: MergeExecutor.Options {
    var settings = MergeExecutor.Options(threads: common.threads)
    settings.isDurable = sync
    settings.replacesExisting = force
    settings.computesChecksum = checksum
    return settings
  }

  /// How outputs are treated.
  var outputs: OutputTarget.Options {
    OutputTarget.Options(force: force, sync: sync, dryRun: dryRun, json: common.json)
  }

  /// Runs a merge and shows how far it is.
  ///
  /// - Parameter run: Runs it, and tells of the bytes written so far and in all.
  /// - Returns: What `run` returns, and how long it took.
  /// - Throws: What `run` throws.
  func timed<Result>(
    _ run: (@escaping @Sendable (_ done: Int, _ total: Int) -> Void) throws(CheckpointError)
      -> Result
  ) throws(CheckpointError) -> (result: Result, duration: Duration) {
    let clock = ContinuousClock()
    let start = clock.now
    let bar = ProgressBar(isShown: !common.quiet && standardErrorIsTerminal())
    let result = try run { done, total in bar.update(done, of: total) }
    bar.finish()
    return (result, clock.now - start)
  }

  /// Prints the plans or summaries: as JSON one as it is and several as a list, else plans as text
  /// and summaries as a line each.
  func show(_ reports: [MergeReport]) {
    if common.json {
      print(reports.count == 1 ? jsonText(reports[0]) : jsonText(reports))
    } else if dryRun {
      print(reports.map(\.text).joined(separator: "\n\n"))
    } else if !common.quiet {
      for warning in reports.first?.warnings ?? [] { note("ctl-merge: note: \(warning)") }
      for report in reports { note(report.closingLine) }
    }
  }
}

import Checkpoints
import Probing
import Terminal

/// The way of every verb: check the outputs, measure, report, judge.
struct ProbeRun {
  private let options: ProbeOptions
  private let reports: ReportOptions

  init(_ options: ProbeOptions, _ reports: ReportOptions) {
    self.options = options
    self.reports = reports
  }

  /// Measures and reports.
  ///
  /// - Parameters:
  ///   - measurement: The verb with what only it takes.
  ///   - models: The checkpoints' files.
  ///   - base: The pretrained model's file.
  /// - Throws: `ExitCode` after the error was printed, or where the answer is a failure.
  func perform(
    _ measurement: ProbeRequest.Measurement, models: [String], base: String? = nil
  ) throws {
    try concluding("ctl-probe") { () throws(CheckpointError) in
      var output: StagedFile.Destination?
      if case .features(let destination) = measurement { output = destination }
      try reports.check(with: output)
      let request = ProbeRequest(
        measurement, models: models, base: base, data: options.data,
        settings: try options.settings(threads: reports.common.threads))
      try refuseSecondReading(of: request.inputs)

      let bar = ProgressBar(
        isShown: !reports.common.quiet && standardErrorIsTerminal(), unit: .samples)
      let result: ProbeResult
      do throws(CheckpointError) {
        result = try runProbe(request, replacesOutput: reports.force) { bar.update($0, of: $1) }
      } catch {
        bar.finish()
        throw error
      }
      bar.finish()
      try show(result, hasOutput: output == .standardOutput)
      guard let policy = reports.failOn, let grade = result.grade else { return Outcome.yes }
      return policy.fails(grade) ? Outcome.no : Outcome.yes
    }
  }

  /// Writes the files, then what belongs to standard output: one result, whole.
  private func show(_ result: ProbeResult, hasOutput: Bool) throws(CheckpointError) {
    for (name, text) in [(reports.csv, result.csv), (reports.html, result.html)] {
      guard let name else { continue }
      try write(text(), to: StagedFile.Destination(argument: name), replacing: reports.force)
    }
    if !reports.common.quiet {
      for warning in result.warnings { note("ctl-probe: note: \(warning)") }
    }
    if reports.common.json {
      try write(result.json(), to: .standardOutput, replacing: false)
    } else if !hasOutput, !reports.files.contains(.standardOutput) {
      try write(
        result.text(Display(colour: reports.color)), to: .standardOutput, replacing: false)
    }
  }

  /// Standard input can be read once.
  private func refuseSecondReading(of inputs: [String]) throws(CheckpointError) {
    if inputs.count(where: { $0 == "-" }) > 1 {
      throw CheckpointError(
        .usage, subject: "-", fact: "is named twice, but standard input can be read only once")
    }
  }
}

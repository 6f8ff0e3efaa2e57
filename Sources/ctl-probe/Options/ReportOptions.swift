import ArgumentParser
import Checkpoints
import Terminal

/// Where the result goes, and what it means for the exit code.
struct ReportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write every figure to a file of comma-separated values, one a line.", valueName: "file"))
  var csv: String?

  @Option(
    help: ArgumentHelp("Write the report as one self-contained page.", valueName: "file"))
  var html: String?

  @Flag(help: "Replace existing output files.")
  var force = false

  @Option(
    help: ArgumentHelp("Colours in the table: auto, always or never.", valueName: "when"))
  var color = Display.Colour.auto

  @Option(
    help: ArgumentHelp(
      "End with exit code 1 where the answer is broken, or where it is weak or broken.",
      valueName: "grade"))
  var failOn: FailurePolicy?

  @OptionGroup
  var common: CommonOptions

  func validate() throws {
    if let csv, csv != "-", csv == html {
      throw ValidationError("--csv and --html: both name \(csv); give each a file of its own")
    }
  }

  /// The files that a report is written to.
  var files: [StagedFile.Destination] {
    [csv, html].compactMap(\.self).map { StagedFile.Destination(argument: $0) }
  }

  /// Judges the outputs first: nobody waits for a measurement to learn of a misspelt folder.
  ///
  /// - Parameter other: What else the verb writes.
  /// - Throws: ``CheckpointError`` where several results want standard output, or a file can't be
  ///   written.
  func check(with other: StagedFile.Destination?) throws(CheckpointError) {
    let claims = [
      common.json ? "--json" : nil, csv == "-" ? "--csv -" : nil, html == "-" ? "--html -" : nil,
      other == .standardOutput ? "-o -" : nil,
    ].compactMap(\.self)
    if claims.count > 1 {
      throw CheckpointError(
        .usage, subject: claims[0], fact: "and \(claims[1]) both want standard output",
        remedy: "write one of them to a file")
    }
    for file in files where file != .standardOutput {
      try StagedFile.check(file, replacing: force)
    }
    if let other { try StagedFile.check(other, replacing: force) }
  }
}

import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The verb `verify`.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that a checkpoint is sound.",
    discussion: """
      Reads everything: structure, bounds, checksums of chunks, finite values, and whether the \
      layers and weights that a Keras file lists are there. Exit code 0: sound; 2: damaged or \
      inconsistent; 3: sound, but values aren't finite.

      EXAMPLES
        ctl-merge verify model.h5
      """)

  @Argument(help: "The checkpoint.")
  var file: String

  @OptionGroup
  var common: CommonOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let checkpoint = try CheckpointFormats.open(file)
      let verification = try Verification(checkpoint, threads: common.threads)
      let report = VerifyReport(verification, of: checkpoint)
      print(common.json ? jsonText(report) : report.text)
      if verification.problems.isEmpty { return Outcome.yes }
      let isNumeric = verification.problems.allSatisfy { $0.kind == .nonFinite }
      return isNumeric ? Outcome.numeric : Outcome.unusable
    }
  }
}

/// What `verify` tells.
struct VerifyReport: Encodable {
  struct Problem: Encodable {
    let kind: String
    @OrNull var tensor: String?
    let problem: String
  }

  let file: String
  let format: String
  let sound: Bool
  let tensors: Int
  let bytes: Int
  let problems: [Problem]

  init(_ verification: Verification, of checkpoint: Checkpoint) {
    file = checkpoint.file.name
    format = checkpoint.format
    sound = verification.problems.isEmpty
    tensors = verification.tensorCount
    bytes = verification.byteCount
    problems = verification.problems.map {
      Problem(kind: $0.kind.rawValue, tensor: $0.tensor?.text, problem: $0.fact)
    }
  }

  /// The report for a person.
  var text: String {
    let read = "\(counted(tensors, "tensor")), \(byteText(bytes)) of values read"
    if sound { return "\(file): sound (\(format), \(read))" }
    let lines = problems.map { problem in
      let place = problem.tensor.map { "tensor \(TensorName($0)): " } ?? ""
      return "\(file): \(place)\(problem.problem)"
    }
    return (lines + ["\(counted(problems.count, "problem")) (\(format), \(read))"])
      .joined(separator: "\n")
  }
}

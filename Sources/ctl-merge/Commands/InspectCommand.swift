import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Synchronization
import Terminal

/// The verb `inspect`.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is inside a checkpoint.",
    discussion: """
      Reads no values unless --stats is given.

      EXAMPLES
        ctl-merge inspect model.h5
        ctl-merge inspect model.h5 --stats --json
      """)

  @Argument(help: "The checkpoint.")
  var file: String

  @Flag(help: "Read the values and show their statistics and digests.")
  var stats = false

  @OptionGroup
  var common: CommonOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let checkpoint = try CheckpointFormats.open(file)
      let report = InspectReport(checkpoint, stats: stats ? try measure(checkpoint) : nil)
      print(common.json ? jsonText(report) : report.text)
      return Outcome.yes
    }
  }

  private func measure(
    _ checkpoint: Checkpoint
  ) throws(CheckpointError) -> [InspectReport.Stats?] {
    let measured = Mutex([InspectReport.Stats?](repeating: nil, count: checkpoint.tensors.count))
    try forEachConcurrently(
      count: checkpoint.tensors.count, threads: common.threads, makeState: { () }
    ) { (index, _: inout Void) throws(CheckpointError) in
      let tensor = checkpoint.tensors[index]
      guard let statistics = try TensorStatistics(of: tensor, in: checkpoint) else { return }
      let histogram = try TensorHistogram(of: tensor, in: checkpoint, statistics: statistics)
      measured.withLock { $0[index] = InspectReport.Stats(statistics, histogram) }
    }
    return measured.withLock { $0 }
  }
}

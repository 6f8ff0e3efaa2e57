import ArgumentParser
import Checkpoints
import FormatRegistry
import Networks
import Terminal

/// Times networks for tools/bench, which starts it beside a peer and has both compute in turn.
///
/// Every line of standard input names what to do once; the answer is one line of numbers. So two programs
/// are compared pass by pass, while neither pays for its start.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network-benchmark",
    abstract: "Time passes of a network that a checkpoint describes.",
    discussion: """
      Standard input names a pass a line; a line of standard output answers it:
        kept       every feature kept to the end of the pass: its milliseconds and processor's
        dropped    every feature looked at and dropped after its last use: the same
        linearity  A, B and their average side by side: the same of the three forwards, then of the \
      comparisons of their features (needs two checkpoints)
      """)

  @Argument(help: "One checkpoint, or two of one architecture.") var models: [String]
  @Option(help: "Samples in a pass.") var batch: Int
  @Option(help: "Threads to compute on.") var threads = 2

  static func main() {
    CheckpointFormats.serveIfAsked()
    main(nil)
  }

  func validate() throws {
    guard (1...2).contains(models.count), batch > 0, threads > 0 else {
      throw ValidationError("one or two checkpoints, and numbers of 1 or more")
    }
  }

  func run() throws {
    try concluding("network-benchmark") { () throws(CheckpointError) in
      Threads.use(threads)
      let passes = try NetworkPasses(
        try CheckpointFormats.openAll(models, threads: threads), batch: batch)
      while let line = readLine() {
        let figures = try passes.run(line)
        print(figures.map { "\($0)" }.joined(separator: " "))
        flushOutput()
      }
      return Outcome.yes
    }
  }
}

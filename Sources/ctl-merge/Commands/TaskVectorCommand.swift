import ArgumentParser
import Checkpoints
import Merging
import Terminal

/// The verb `task-vector`.
struct TaskVectorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "task-vector",
    abstract: "What a fine-tuning changed: TUNED - PT.",
    discussion: """
      The output is marked as a task vector of its base, so that add and negate know it.

      EXAMPLES
        ctl-merge task-vector tuned.h5 --base pretrained.h5 -o tau.h5
      """)

  @Argument(help: "The tuned model.")
  var tuned: String

  @Option(help: ArgumentHelp("The model from which it was tuned; the template.", valueName: "pt"))
  var base: String

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform(.taskVector, base: base, sources: [tuned])
  }
}

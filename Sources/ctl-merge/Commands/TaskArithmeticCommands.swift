import ArgumentParser
import Checkpoints
import Merging

/// What `add` and `negate` take.
struct TaskArithmeticOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Task vectors, or tuned models that stand for theirs.", valueName: "vector"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The factor of every task vector (default: 1).", valueName: "l"))
  var scale: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One factor per task vector, separated by commas.", valueName: "l1,l2,..."))
  var scales: NumberList?

  func validate() throws {
    if scale != nil, scales != nil {
      throw ValidationError("--scale and --scales: give only one of them")
    }
    if let scales, scales.values.count != sources.count {
      throw ValidationError(
        "--scales: has \(scales.values.count) numbers for \(sources.count) task vectors; give one "
          + "for each, or --scale for all")
    }
  }

  func operation(_ direction: MergeRecipe.Direction) -> MergeRecipe.Operation {
    .taskArithmetic(direction, scales: scales?.values ?? [scale ?? 1])
  }
}

/// The verb `add`.
struct AddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add tasks to a pretrained model: PT + sum l_i tau_i.",
    discussion: """
      A source is a file that task-vector wrote, or a tuned model V; then tau = V - PT.

      EXAMPLES
        ctl-merge add --base pretrained.h5 task-a.h5 task-b.h5 --scale 0.5 -o both.h5
        ctl-merge add --base pretrained.h5 tau.h5 --scales 0.7 -o learned.h5
      """)

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(tasks.operation(.add), base: tasks.base, sources: tasks.sources)
    }
  }
}

/// The verb `negate`.
struct NegateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "negate",
    abstract: "Take tasks from a pretrained model: PT - sum l_i tau_i.",
    discussion: """
      A source is a file that task-vector wrote, or a tuned model V; then tau = V - PT. A variance \
      that turns negative is an error, unless --clamp-variance is given.

      EXAMPLES
        ctl-merge negate --base pretrained.h5 task-a.h5 --scale 0.5 -o forgot-a.h5
      """)

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(tasks.operation(.negate), base: tasks.base, sources: tasks.sources)
    }
  }
}

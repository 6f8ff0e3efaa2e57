import ArgumentParser
import Checkpoints
import Merging

/// `ctl-merge soup`
struct SoupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "soup",
    abstract: "Average two or more models: sum w_i A_i.",
    discussion: """
      Uniform by default: the correctly rounded mean, whatever the order of the sources. Weights \
      are normalised to sum 1 unless --no-normalize is given. For a point between two models see \
      interpolate.

      EXAMPLES
        ctl-merge soup a.h5 b.h5 c.h5 -o mean.h5
        ctl-merge soup a.h5 b.h5 --weights 3,1 -o mostly-a.h5
        ctl-merge soup a.h5 b.h5 --exclude '*/head/*' -o shared-trunk.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One number per model, separated by commas.", valueName: "w1,w2,..."))
  var weights: NumberList?

  @Flag(inversion: .prefixedNo, help: "Divide by the sum of the weights.")
  var normalize = true

  @OptionGroup
  var options: MergeOptions

  func validate() throws {
    guard sources.count >= 2 else {
      throw ValidationError("soup: needs at least two models; name them before -o")
    }
  }

  func run() throws {
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(
        .soup(weights: weights?.values, normalize: normalize), sources: sources)
    }
  }
}

/// `ctl-merge interpolate`
struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interpolate",
    abstract: "A point on the line through two models: X*A + (1-X)*B.",
    discussion: """
      X multiplies the FIRST model: --alpha 1 gives A, --alpha 0 gives B, bit for bit. X outside \
      [0,1] extrapolates.

      EXAMPLES
        ctl-merge interpolate a.h5 b.h5 --alpha 0.3 -o c.h5
        ctl-merge lerp a.h5 b.h5 --alpha 1.2 -o beyond-a.h5
      """,
    aliases: ["lerp"])

  @Argument(help: ArgumentHelp("Model A, which X multiplies; the template.", valueName: "a"))
  var first: String

  @Argument(help: ArgumentHelp("Model B.", valueName: "b"))
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The coefficient X of the first model.", valueName: "x"))
  var alpha: Double

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(.interpolate(alpha: alpha), sources: [first, second])
    }
  }
}

/// `ctl-merge task-vector`
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
    try MergeRun(options).perform {
      () throws(CheckpointError) in
      try options.recipe(.taskVector, base: base, sources: [tuned])
    }
  }
}

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
  }

  func operation(_ direction: TaskArithmetic.Direction) -> MergeRecipe.Operation {
    .taskArithmetic(direction, scales: scales?.values ?? [scale ?? 1])
  }
}

/// `ctl-merge add`
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

/// `ctl-merge negate`
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

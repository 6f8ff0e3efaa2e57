import ArgumentParser
import Checkpoints
import Merging
import Terminal

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
    help: ArgumentHelp(
      "The factor of every task vector (default: 1); a list l1,l2 or a range first:last:step for "
        + "several outputs in one pass.", valueName: "l"))
  var scale: Sweep?

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

  /// Carries out the verb: one output, or one for each value of `--scale`.
  func run(_ direction: MergeRecipe.Direction, _ options: MergeOptions) throws {
    let run = MergeRun(options)
    guard let scale else {
      let scales = scales?.values ?? [1]
      return try run.perform(
        .taskArithmetic(direction, scales: scales), base: base, sources: sources)
    }
    try run.perform(base: base, sources: sources) { () throws(CheckpointError) in
      zip(try scale.outputs(options.output, placeholder: "{scale}"), scale.values).map {
        MergeRun.Job(output: $0, operation: .taskArithmetic(direction, scales: [$1]))
      }
    }
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
        ctl-merge add --base pt.h5 task-a.h5 task-b.h5 --scale 0.5 -o both.h5
        ctl-merge add --base pt.h5 tau-a.h5 tau-b.h5 --scales 0.7,0.3 -o both.h5
        ctl-merge add --base pt.h5 tau.h5 --scale 0:1:0.25 -o 'pt+{scale}.h5'
      """)

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try tasks.run(.add, options)
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
        ctl-merge negate --base pt.h5 task-a.h5 --scale 0.5 -o forgot-a.h5
      """)

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try tasks.run(.negate, options)
  }
}

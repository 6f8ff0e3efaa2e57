import ArgumentParser
import Probing
import Terminal

/// What `addition` and `negation` take.
struct TaskArithmeticOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The pretrained model.", valueName: "pt"))
  var base: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The factor L of the task vectors (default: 0.4); a list l1,l2 or a range first:last:step.",
      valueName: "l"))
  var scale: Sweep?

  func validate() throws { _ = try scales() }

  /// The scales, ascending.
  func scales() throws -> [Double] {
    try distinctValues(scale?.values ?? [0.4], of: "--scale")
  }
}

/// The verb `addition`.
struct AdditionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "addition",
    abstract: "Adding two tasks: features of PT + L(tau1+tau2) against those of each task.",
    discussion: """
      Compares f(PT + L(tau1 + tau2)) with 1/2 f(PT + 2L tau1) + 1/2 f(PT + 2L tau2), layer by \
      layer, where tau = T - PT for a tuned model T. With a data set file for each task, in the \
      order of the tasks, it tells how much the tasks disturb each other.

      EXAMPLES
        ctl-probe addition --base pt.h5 a.h5 b.h5 --data task-a.h5 --data task-b.h5
        ctl-probe addition --base pt.h5 a.h5 b.h5 --data test.h5 --scale 0.1:1:0.1 --json
      """)

  @Argument(help: ArgumentHelp("The model tuned on the first task.", valueName: "t1"))
  var first: String

  @Argument(help: ArgumentHelp("The model tuned on the second task.", valueName: "t2"))
  var second: String

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func run() throws {
    try ProbeRun(options, reports).perform(
      .addition(scales: try tasks.scales()), models: [first, second], base: tasks.base)
  }
}

/// The verb `negation`.
struct NegationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "negation",
    abstract: "Taking a task away: features of PT - L tau against those of PT and PT + L tau.",
    discussion: """
      Compares f(PT - L tau) with 2 f(PT) - f(PT + L tau), layer by layer, where tau = T - PT for a \
      tuned model T.

      EXAMPLES
        ctl-probe negation --base pt.h5 tuned.h5 --data test.h5
        ctl-probe negation --base pt.h5 tuned.h5 --data test.h5 --scale 0.4,0.8
      """)

  @Argument(help: "The tuned model.")
  var tuned: String

  @OptionGroup
  var tasks: TaskArithmeticOptions

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func run() throws {
    try ProbeRun(options, reports).perform(
      .negation(scales: try tasks.scales()), models: [tuned], base: tasks.base)
  }
}

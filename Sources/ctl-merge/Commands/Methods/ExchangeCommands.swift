import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The verb `nearswap`.
struct NearSwapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nearswap",
    abstract: "Move the base towards a model, each element by at most t.",
    discussion: """
      Elements no farther than t from the model's become the model's; others go t of the way.

      EXAMPLES
        ctl-merge nearswap --base pt.h5 tuned.h5 --t 0.001 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned model, or its task vector.", valueName: "model"))
  var source: String

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The longest way of an element.", valueName: "t"))
  var t: Double

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (t, compat) = (t, compatibility.compat)
    try MergeRun(options).perform(base: base, sources: [source]) {
      (count) throws(CheckpointError) in
      try NearSwap(t: t, sourceCount: count, compatibility: compat)
    }
  }
}

/// The verb `arcee-fusion`.
struct ArceeFusionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arcee-fusion",
    abstract: "Take the most important changes of a model.",
    discussion: """
      An element's importance is its change times the divergence of its row, as a softmax, from the \
      base's. The model's elements are taken from the median plus 1.5 interquartile ranges on; the \
      others are the base's.

      EXAMPLES
        ctl-merge arcee-fusion --base pt.h5 tuned.h5 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned model, or its task vector.", valueName: "model"))
  var source: String

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let compat = compatibility.compat
    try MergeRun(options).perform(base: base, sources: [source]) {
      (count) throws(CheckpointError) in
      try ArceeFusion(sourceCount: count, compatibility: compat)
    }
  }
}

/// What counts as a change, for methods that average changes.
struct ChangeOptions: ParsableArguments {
  @Option(help: ArgumentHelp("What a change has to exceed to count.", valueName: "x"))
  var epsilon = 1e-5
}

/// The verb `ram`.
struct RAMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ram",
    abstract: "Average, in each element, only the models that changed it.",
    discussion: """
      PT + the mean of the task vectors above epsilon, element by element. Both modes of --compat \
      are the same.

      EXAMPLES
        ctl-merge ram --base pt.h5 a.h5 b.h5 c.h5 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned models, or task vectors.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @OptionGroup var change: ChangeOptions
  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let epsilon = change.epsilon
    try MergeRun(options).perform(base: base, sources: sources) {
      (_) throws(CheckpointError) in
      try RAM(epsilon: epsilon)
    }
  }
}

/// The verb `ramplus-tl`.
struct RAMPlusTLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ramplus-tl",
    abstract: "As ram, with what only one model changed made stronger.",
    discussion: """
      What only one model changed is multiplied by 1 + r min(alpha, shared / unique), counted for \
      each tensor. Both modes of --compat are the same.

      EXAMPLES
        ctl-merge ramplus-tl --base pt.h5 a.h5 b.h5 --r 0.2 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned models, or task vectors.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @OptionGroup var change: ChangeOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How much stronger unique changes become.", valueName: "x"))
  var r = 0.1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The greatest ratio of shared to unique changes.", valueName: "x"))
  var alpha = 0.2

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (epsilon, r, alpha) = (change.epsilon, r, alpha)
    try MergeRun(options).perform(base: base, sources: sources) {
      (_) throws(CheckpointError) in
      try RAMPlusTL(epsilon: epsilon, r: r, alpha: alpha)
    }
  }
}

import ArgumentParser
import Merging
import Terminal

/// The verb `dare-linear`.
struct DareLinearCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dare-linear",
    abstract: "Drop elements of task vectors at random, rescale, and add them.",
    discussion: """
      Each element is kept with the probability --density and divided by it (--compat mergekit: the \
      L1 norm of each tensor is kept instead).

      EXAMPLES
        ctl-merge dare-linear --base pt.h5 a.h5 b.h5 --density 0.1 --seed 7 -o merged.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var random: SeedOptions

  func run() throws {
    try consensus.run(.dareLinear) { $0.seed = random.seed }
  }
}

/// The verb `dare-ties`.
struct DareTiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dare-ties",
    abstract: "Drop elements at random, rescale, elect signs, average what agrees.",
    discussion: """
      EXAMPLES
        ctl-merge dare-ties --base pt.h5 a.h5 b.h5 --density 0.1 -o merged.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var random: SeedOptions
  @OptionGroup var election: ElectionOptions

  func run() throws {
    try consensus.run(.dareTies) { settings in
      settings.seed = random.seed
      election.apply(to: &settings)
    }
  }
}

/// What the DELLA verbs take.
struct DellaOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The width of the probabilities' window: one number, or one per source (default: 0.15).",
      valueName: "e"))
  var epsilon: NumberList?

  @OptionGroup var random: SeedOptions

  /// Changes a verb's window and seed.
  func apply(to settings: inout ConsensusSettings) {
    settings.seed = random.seed
    guard let epsilon, case .rankedBernoulli(_, let rule) = settings.sparsifier else { return }
    settings.sparsifier = .rankedBernoulli(epsilon: epsilon.values, rule)
  }
}

/// The verb `della-linear`.
struct DellaLinearCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "della-linear",
    abstract: "Drop small elements more often than large ones, rescale, and add.",
    discussion: """
      The probability that an element is kept falls with its rank in the row, from density + \
      epsilon/2 to density - epsilon/2 (--compat mergekit: by epsilon on both sides).

      EXAMPLES
        ctl-merge della-linear --base pt.h5 a.h5 b.h5 --density 0.3 --epsilon 0.1 -o merged.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var della: DellaOptions

  func run() throws {
    try consensus.run(.dellaLinear) { della.apply(to: &$0) }
  }
}

/// The verb `della-ties`.
struct DellaTiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "della-ties",
    abstract: "Drop small elements more often, rescale, elect signs, average what agrees.",
    discussion: """
      mergekit calls it della.

      EXAMPLES
        ctl-merge della-ties --base pt.h5 a.h5 b.h5 --density 0.3 -o merged.h5
      """,
    aliases: ["della"])

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var della: DellaOptions
  @OptionGroup var election: ElectionOptions

  func run() throws {
    try consensus.run(.dellaTies) { settings in
      della.apply(to: &settings)
      election.apply(to: &settings)
    }
  }
}

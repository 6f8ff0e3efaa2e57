import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The verb `ties`.
struct TiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ties",
    abstract: "Trim task vectors, elect signs, average what agrees.",
    discussion: """
      Keeps the share --density of each task vector with the largest magnitudes (over the whole \
      model, as the paper has it; --trim tensor: of each tensor), elects a sign for each element by \
      the sum, and averages the sources that agree. --compat mergekit trims by tensor, elects by \
      the weighted sum, and keeps everything unless a density is given.

      EXAMPLES
        ctl-merge ties --base pt.h5 a.h5 b.h5 c.h5 --density 0.2 -o merged.h5
        ctl-merge ties --base pt.h5 a.h5 b.h5 --density 0.5 --trim tensor --lambda 0.7 -o m.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var election: ElectionOptions

  @Option(
    help: ArgumentHelp("Where magnitudes are compared: tensor or global.", valueName: "scope"))
  var trim: Sparsifier.Scope?

  func run() throws {
    try consensus.run(.ties) { settings in
      if let trim { settings.sparsifier = .magnitude(trim) }
      election.apply(to: &settings)
    }
  }
}

/// What the breadcrumbs verbs take.
struct BreadcrumbsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The share of largest magnitudes to drop: one number, or one per source (default: 0.01).",
      valueName: "g"))
  var gamma: NumberList?

  /// Changes a verb's band.
  func apply(to settings: inout ConsensusSettings) {
    if let gamma { settings.sparsifier = .band(gamma: gamma.values) }
  }
}

/// The verb `breadcrumbs`.
struct BreadcrumbsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "breadcrumbs",
    abstract: "Drop the largest and the smallest elements of task vectors, and add them.",
    discussion: """
      Keeps the share --density of each tensor of each task vector below the share --gamma of \
      largest magnitudes.

      EXAMPLES
        ctl-merge breadcrumbs --base pt.h5 a.h5 b.h5 --density 0.9 --gamma 0.01 -o merged.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var band: BreadcrumbsOptions

  func run() throws {
    try consensus.run(.breadcrumbs) { band.apply(to: &$0) }
  }
}

/// The verb `breadcrumbs-ties`.
struct BreadcrumbsTiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "breadcrumbs-ties",
    abstract: "Drop the largest and smallest elements, elect signs, average what agrees.",
    discussion: """
      The masks of breadcrumbs with the election of ties.

      EXAMPLES
        ctl-merge breadcrumbs-ties --base pt.h5 a.h5 b.h5 --density 0.9 -o merged.h5
      """)

  @OptionGroup var consensus: ConsensusOptions
  @OptionGroup var band: BreadcrumbsOptions
  @OptionGroup var election: ElectionOptions

  func run() throws {
    try consensus.run(.breadcrumbsTies) { settings in
      band.apply(to: &settings)
      election.apply(to: &settings)
    }
  }
}

/// The verb `sce`.
struct SCECommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sce",
    abstract: "Select what varies most, weigh sources by their squares, erase minorities.",
    discussion: """
      EXAMPLES
        ctl-merge sce --base pt.h5 a.h5 b.h5 --select-topk 0.1 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned models, or task vectors.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @Option(
    help: ArgumentHelp(
      "The share of elements to select, by their variance over the sources.", valueName: "share"))
  var selectTopk = 1.0

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (share, compat) = (selectTopk, compatibility.compat)
    try MergeRun(options).perform(base: base, sources: sources) {
      (count) throws(CheckpointError) in
      try SCE(selecting: share, sourceCount: count, compatibility: compat)
    }
  }
}

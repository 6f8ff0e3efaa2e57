import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// What every consensus method takes.
struct ConsensusOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The tuned models, or task vectors.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @OptionGroup var weights: WeightOptions

  @Option(
    help: ArgumentHelp(
      "The share of each task vector to keep, from 0 to 1: one number, or one per source.",
      valueName: "d"))
  var density: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The factor of the merged task vector.", valueName: "l"))
  var lambda = 1.0

  @Option(
    help: ArgumentHelp(
      "How what is kept grows: none, l1 (by the ratio of L1 norms) or inverse (by 1/density).",
      valueName: "how"))
  var rescale: Rescaling?

  @Flag(
    inversion: .prefixedNo,
    help: "Divide by the weights of the sources that take part (default: as the method has it).")
  var normalize: Bool?

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  /// Carries out a verb.
  ///
  /// - Parameters:
  ///   - verb: The verb, which gives the defaults.
  ///   - change: Sets what only this verb has.
  /// - Throws: `ExitCode` after the error was printed.
  func run(_ verb: ConsensusVerb, _ change: (inout ConsensusSettings) -> Void) throws {
    var settings = ConsensusSettings(verb, compatibility.compat)
    settings.weights = weights.weights?.values
    settings.lambda = lambda
    if let density { settings.density = density.values }
    if let rescale { settings.rescaling = rescale }
    if let normalize { settings.isNormalized = normalize }
    change(&settings)
    let chosen = settings
    try MergeRun(options).perform(base: base, sources: sources) {
      (count) throws(CheckpointError) in
      try Consensus(chosen, sourceCount: count)
    }
  }
}

extension Rescaling: ExpressibleByArgument {}
extension Sparsifier.Scope: ExpressibleByArgument {}

/// How signs are elected.
struct ElectionOptions: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Elect signs by the weighted sum (default: as the method has it).")
  var signWeights: Bool?

  /// Changes a verb's election, where it has one.
  func apply(to settings: inout ConsensusSettings) {
    if let signWeights { settings.election?.isWeighted = signWeights }
  }
}

/// The seed of methods that draw random numbers.
struct SeedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The seed of the random numbers, which depend on it, the tensor's name, the source's place "
        + "and the element only.", valueName: "n"))
  var seed: UInt64 = 0
}

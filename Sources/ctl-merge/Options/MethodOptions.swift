import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The weights that many methods take.
struct WeightOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("One number per source, separated by commas.", valueName: "w1,w2,..."))
  var weights: NumberList?
}

/// Whose definition of a method is meant.
struct CompatibilityOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whose formulas, guards and defaults: paper, or mergekit (0.1.5).", valueName: "whose"))
  var compat = Compatibility.paper
}

extension Compatibility: ExpressibleByArgument {}

extension MergeRun {
  /// Makes one output by a method that is chosen by the number of sources.
  ///
  /// - Throws: `ExitCode` after the error was printed.
  func perform(
    base: String? = nil, sources: [String],
    by method: @escaping @Sendable (_ count: Int) throws(CheckpointError) -> any MergeMethod
  ) throws {
    try perform(MergeRecipe.Operation(method), base: base, sources: sources)
  }
}

import ArgumentParser
import Checkpoints
import Merging
import Terminal

/// What every verb that writes a checkpoint takes.
struct MergeOptions: ParsableArguments {
  @Option(
    name: [.short, .long],
    help: ArgumentHelp(
      "The file to write, or a folder where the template is one; '-' for standard output.",
      valueName: "file"))
  var output: String

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(help: "Print the plan and write nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "The type of merged tensors: float32, float16, bfloat16, float64, or keep.",
      valueName: "type"))
  var dtype = OutputType.keep

  @Option(
    help: ArgumentHelp(
      "Merge only tensors whose name the pattern covers (repeatable; * matches slashes too).",
      valueName: "glob"))
  var include: [String] = []

  @Option(
    help: ArgumentHelp(
      "Take tensors whose name the pattern covers from the template (repeatable).",
      valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp(
      "What to do about NaN and infinite values: error or allow.", valueName: "policy"))
  var nonFinite = MergeRecipe.NonFinitePolicy.error

  @Option(
    help: ArgumentHelp(
      "Optimizer state: first (copy the template's) or drop; it is never averaged.",
      valueName: "policy"))
  var optimizer = MergeRecipe.OptimizerPolicy.first

  @Flag(help: "Raise merged variances below zero to zero instead of failing.")
  var clampVariance = false

  @Option(
    help: ArgumentHelp(
      "How tensors are stored where the file is laid out anew: contiguous, or keep (the template's "
        + "chunks and filters).", valueName: "layout"))
  var layout = LayoutChoice.contiguous

  @Option(
    help: ArgumentHelp(
      "Compress merged tensors: gzip:LEVEL, LEVEL from 1 to 9 (HDF5's deflate behind its shuffle).",
      valueName: "gzip:level"))
  var compress: Compression?

  @Flag(
    inversion: .prefixedNo,
    help: "Record in the attribute ctl_merge how the file was made.")
  var provenance = true

  @Flag(
    inversion: .prefixedNo,
    help: "Wait until the output is on the disk before it takes its name.")
  var sync = true

  @Flag(help: "Add the output's SHA-256 to the summary.")
  var checksum = false

  @OptionGroup
  var names: RenamingOptions

  @OptionGroup
  var matching: MatchingOptions

  @OptionGroup
  var common: CommonOptions

  func validate() throws {
    if compress != nil, layout == .keep {
      throw ValidationError("--compress and --layout keep: give only one of them")
    }
  }

  /// The recipe of an operation with these options.
  func recipe(
    _ operation: MergeRecipe.Operation?, base: String? = nil, sources: [String]
  ) throws(CheckpointError) -> MergeRecipe {
    var recipe = MergeRecipe(operation, base: base, sources: sources)
    recipe.elementType = dtype.elementType
    recipe.include = try globs(include, of: "--include")
    recipe.exclude = try globs(exclude, of: "--exclude")
    recipe.nonFinite = nonFinite
    recipe.optimizer = optimizer
    recipe.clampsVariances = clampVariance
    recipe.storage =
      compress.map { .gzip(level: $0.level) } ?? (layout == .keep ? .keep : .contiguous)
    recipe.recordsProvenance = provenance
    return recipe
  }
}

/// The values of `--dtype`.
enum OutputType: String, ExpressibleByArgument, CaseIterable {
  case float32, float16, bfloat16, float64, keep

  var elementType: ElementType? {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .float64: .float64
    case .keep: nil
    }
  }
}

/// The values of `--layout`.
enum LayoutChoice: String, ExpressibleByArgument, CaseIterable {
  case contiguous, keep
}

/// The value of `--compress`: `gzip:4`.
struct Compression: ExpressibleByArgument {
  let level: Int

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "gzip", let level = Int(parts[1]), (1...9).contains(level)
    else { return nil }
    self.level = level
  }
}

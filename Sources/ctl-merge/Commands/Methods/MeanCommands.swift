import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The verb `multislerp`.
struct MultiSlerpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "multislerp",
    abstract: "Average directions and lengths of models apart.",
    discussion: """
      The weighted mean of the directions, brought to the weighted mean of the lengths, for each \
      tensor. With --base it is done to the task vectors and added to the base.

      EXAMPLES
        ctl-merge multislerp --base pt.h5 a.h5 b.h5 c.h5 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The models.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; then the template.", valueName: "pt"))
  var base: String?

  @OptionGroup var weights: WeightOptions

  @Flag(inversion: .prefixedNo, help: "Divide the weights by their sum.")
  var normalize = true

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (weights, normalize, hasBase) = (weights.weights?.values, normalize, base != nil)
    let compat = compatibility.compat
    try MergeRun(options).perform(base: base, sources: sources) {
      (count) throws(CheckpointError) in
      try MultiSlerp(
        weights: weights, isNormalized: normalize, hasBase: hasBase, sourceCount: count,
        compatibility: compat)
    }
  }
}

/// When a search for a mean ends.
struct SearchOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The most steps of the search.", valueName: "n"))
  var maxIter: Int?

  @Option(help: ArgumentHelp("The size of a step that ends the search.", valueName: "x"))
  var tol: Double?
}

/// The verb `karcher`.
struct KarcherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "karcher",
    abstract: "Take the Riemannian mean of the models' directions.",
    discussion: """
      The point of the sphere with the least sum of squared angles to the models, times their mean \
      length, for each tensor.

      EXAMPLES
        ctl-merge karcher a.h5 b.h5 c.h5 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @OptionGroup var weights: WeightOptions
  @OptionGroup var search: SearchOptions
  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (weights, steps, tolerance) = (weights.weights?.values, search.maxIter, search.tol)
    let compat = compatibility.compat
    try MergeRun(options).perform(sources: sources) { (count) throws(CheckpointError) in
      try Karcher(
        weights: weights, sourceCount: count, maximumSteps: steps, tolerance: tolerance,
        compatibility: compat)
    }
  }
}

/// The verb `geometric-median`.
struct GeometricMedianCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "geometric-median",
    abstract: "Take the point with the least sum of distances to the models.",
    discussion: """
      A robust mean: one model far from the others moves it little. It is sought for each tensor.

      EXAMPLES
        ctl-merge geometric-median a.h5 b.h5 c.h5 -o median.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @OptionGroup var weights: WeightOptions
  @OptionGroup var search: SearchOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (weights, steps, tolerance) = (weights.weights?.values, search.maxIter, search.tol)
    try MergeRun(options).perform(sources: sources) { (count) throws(CheckpointError) in
      try GeometricMedian(
        weights: weights, sourceCount: count, maximumSteps: steps ?? 1000,
        tolerance: tolerance ?? 1e-14)
    }
  }
}

/// The verb `model-stock`.
struct ModelStockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model-stock",
    abstract: "Pull the mean of tuned models towards their base, by their angles.",
    discussion: """
      PT + t mean(tau), t = N cos / (1 + (N-1) cos), cos being the mean cosine between the task \
      vectors of a tensor. Needs at least two models.

      EXAMPLES
        ctl-merge model-stock --base pt.h5 a.h5 b.h5 c.h5 -o merged.h5
      """)

  @Argument(help: ArgumentHelp("The tuned models, or task vectors.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; the template.", valueName: "pt"))
  var base: String

  @Flag(help: "Give each row (along the last axis) an angle of its own.")
  var filterWise = false

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (filterWise, compat) = (filterWise, compatibility.compat)
    try MergeRun(options).perform(base: base, sources: sources) {
      (count) throws(CheckpointError) in
      try ModelStock(sourceCount: count, filterWise: filterWise, compatibility: compat)
    }
  }
}

/// The verb `ema`.
struct MovingAverageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ema",
    abstract: "Take the exponential moving average of a series of checkpoints.",
    discussion: """
      e = d e + (1-d) x from the first (oldest) checkpoint to the last.

      EXAMPLES
        ctl-merge ema epoch-*.h5 --decay 0.9 -o smooth.h5
      """)

  @Argument(
    help: ArgumentHelp("The checkpoints, the oldest first: the template.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("What is kept at each step, from 0 to 1.", valueName: "d"))
  var decay = 0.9

  @OptionGroup var options: MergeOptions

  func run() throws {
    let decay = decay
    try MergeRun(options).perform(sources: sources) { (count) throws(CheckpointError) in
      try MovingAverage(decay: decay, sourceCount: count)
    }
  }
}

/// The verb `passthrough`.
struct PassthroughCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passthrough",
    abstract: "Take one model as it is, or scaled.",
    discussion: """
      EXAMPLES
        ctl-merge passthrough a.h5 --scale 0.5 -o half.h5
      """)

  @Argument(help: ArgumentHelp("The model.", valueName: "model"))
  var source: String

  @Option(parsing: .unconditional, help: ArgumentHelp("The factor.", valueName: "s"))
  var scale = 1.0

  @OptionGroup var options: MergeOptions

  func run() throws {
    let scale = scale
    try MergeRun(options).perform(sources: [source]) { (count) throws(CheckpointError) in
      try Passthrough(scale: scale, sourceCount: count)
    }
  }
}

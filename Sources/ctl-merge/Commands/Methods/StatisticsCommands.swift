import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The files with statistics of the models' data.
struct StatisticsOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The statistics of a model's data; once per model, in their order.", valueName: "file"))
  var statistics: [String] = []

  /// Checks that every model has its file.
  func check(against sources: [String]) throws {
    if statistics.count == sources.count { return }
    throw ValidationError(
      "--statistics: \(counted(statistics.count, "file")) for \(counted(sources.count, "model")); "
        + "give one per model, in their order")
  }
}

/// The verb `fisher`.
struct FisherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fisher",
    abstract: "Average models, each element by its Fisher information.",
    discussion: """
      sum(w F x) / sum(w F) for each element. A file of statistics holds, under a tensor's name, its \
      Fisher information in the tensor's shape: the mean square of the gradient of the \
      log-likelihood. Tensors that the files lack take the weighted mean.

      EXAMPLES
        ctl-merge fisher a.h5 b.h5 --statistics a-fisher.npz --statistics b-fisher.npz -o mean.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @OptionGroup var statistics: StatisticsOptions
  @OptionGroup var weights: WeightOptions
  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func validate() throws { try statistics.check(against: sources) }

  func run() throws {
    let weights = weights.weights?.values
    try MergeRun(options, statistics: statistics.statistics).perform(sources: sources) {
      (count) throws(CheckpointError) in
      try FisherMean(weights: weights, sourceCount: count)
    }
  }
}

/// The verb `regmean`.
struct RegressionMeanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regmean",
    abstract: "Find the kernels nearest to all models on their own data.",
    discussion: """
      W = (sum H)^-1 sum(H W) for each kernel, H being w X'X with the elements off the diagonal \
      times alpha. A file of statistics holds, under a kernel's name, the Gram matrix X'X of the \
      inputs of its layer, whose size is the product of all axes of the kernel but the last. \
      Tensors that the files lack take the weighted mean. Each kernel is solved for in memory.

      EXAMPLES
        ctl-merge regmean a.h5 b.h5 --statistics a-gram.npz --statistics b-gram.npz -o mean.h5
      """)

  @Argument(help: ArgumentHelp("The models; the first is the template.", valueName: "model"))
  var sources: [String]

  @OptionGroup var statistics: StatisticsOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The factor of what lies off the diagonal, from 0 to 1.", valueName: "x"))
  var alpha = 0.9

  @OptionGroup var weights: WeightOptions
  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func validate() throws { try statistics.check(against: sources) }

  func run() throws {
    let (weights, alpha) = (weights.weights?.values, alpha)
    try MergeRun(options, statistics: statistics.statistics).perform(sources: sources) {
      (count) throws(CheckpointError) in
      try RegressionMean(weights: weights, alpha: alpha, sourceCount: count)
    }
  }
}

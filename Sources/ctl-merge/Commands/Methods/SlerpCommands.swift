import ArgumentParser
import Checkpoints
import Merging
import Recipes
import Terminal

/// The verb `slerp`.
struct SlerpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slerp",
    abstract: "Go from one model to another on the sphere.",
    discussion: """
      sin((1-t)θ)/sin θ A + sin(tθ)/sin θ B for each tensor, θ being the angle between the two. \
      The line is taken where they lie on one, and with --compat mergekit wherever |cos θ| > 0.9995, \
      which is most fine-tuned models.

      EXAMPLES
        ctl-merge slerp a.h5 b.h5 --t 0.3 -o third.h5
      """)

  @Argument(help: ArgumentHelp("The two models; the first is the template.", valueName: "model"))
  var sources: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("0 for the first model, 1 for the second.", valueName: "t"))
  var t = 0.5

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func run() throws {
    let (t, compat) = (t, compatibility.compat)
    try MergeRun(options).perform(sources: sources) { (count) throws(CheckpointError) in
      try Slerp(t: t, sourceCount: count, compatibility: compat)
    }
  }
}

/// The verb `nuslerp`.
struct NuSlerpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nuslerp",
    abstract: "Slerp by weights, of two models or of their task vectors.",
    discussion: """
      t = w2 / (w1 + w2). With --base the result is PT + slerp(tau1, tau2). --no-flatten takes each \
      row (along the last axis) by itself, with --row-wise each vector along the first axis.

      EXAMPLES
        ctl-merge nuslerp --base pt.h5 a.h5 b.h5 --weights 3,1 -o mostly-a.h5
      """)

  @Argument(help: ArgumentHelp("The two models.", valueName: "model"))
  var sources: [String]

  @Option(help: ArgumentHelp("The pretrained model; then the template.", valueName: "pt"))
  var base: String?

  @OptionGroup var weights: WeightOptions

  @Flag(inversion: .prefixedNo, help: "Take a tensor as one vector.")
  var flatten = true

  @Flag(help: "With --no-flatten: take vectors along the first axis.")
  var rowWise = false

  @OptionGroup var compatibility: CompatibilityOptions
  @OptionGroup var options: MergeOptions

  func validate() throws {
    if rowWise, flatten {
      throw ValidationError("--row-wise: needs --no-flatten, or a tensor is one vector")
    }
  }

  func run() throws {
    let (weights, hasBase, compat) = (weights.weights?.values, base != nil, compatibility.compat)
    let (flatten, rowWise) = (flatten, rowWise)
    try MergeRun(options).perform(base: base, sources: sources) {
      (count) throws(CheckpointError) in
      try NuSlerp(
        weights: weights, hasBase: hasBase, sourceCount: count, flatten: flatten,
        rowWise: rowWise, compatibility: compat)
    }
  }
}

extension MethodCatalogue {
  private typealias P = ParameterSpecification

  /// Sums of sources or of task vectors with fixed coefficients.
  static let linearFamily: [MethodSpecification] = [
    MethodSpecification(
      "linear", aliases: ["soup"], base: .ordinary, sources: 1...Int.max,
      weightSum: .dividesWhen("normalize"), [P.weight(), P.normalize(true)],
      "the weighted mean of the sources"),
    MethodSpecification(
      "interpolate", aliases: ["lerp"], base: .ordinary, sources: 2...2,
      [P("alpha", .number(.any), .required, "share of the first source")],
      "a point on the line through two sources"),
    MethodSpecification(
      "task-arithmetic", aliases: ["task_arithmetic", "add"], base: .required,
      sources: 1...Int.max, weightSum: .dividesWhen("normalize"),
      [
        P.weight(.required), P.normalize(false), P.lambda, P.int8Mask,
        P(
          "density", .number(.share), .source, P.same(.number(1)),
          withoutEffect: "task arithmetic trims nothing", "accepted for mergekit's files"),
        P(
          "rescale", .truth, P.same(.truth(false)),
          withoutEffect: "task arithmetic trims nothing", "accepted for mergekit's files"),
      ],
      "the base and weighted task vectors"),
    MethodSpecification(
      "negate", base: .required, sources: 1...Int.max,
      [P.weight(P.same(.number(1))), P.lambda],
      "the base less weighted task vectors"),
    MethodSpecification(
      "passthrough", base: .ordinary, sources: 1...1,
      [P("scale", .number(.any), .source, .none, "factor of the source")],
      "one source as it is"),
    MethodSpecification(
      "ema", base: .ordinary, sources: 1...Int.max,
      [
        P(
          "decay", .number(.unit), P.same(.number(0.9)),
          "share of the average that stays at each step")
      ],
      "the exponential moving average of a series of checkpoints"),
  ]
}

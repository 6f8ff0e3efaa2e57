extension MethodCatalogue {
  private typealias P = ParameterSpecification

  /// Task vectors that are thinned out, elected by sign, and added.
  static let consensusFamily: [MethodSpecification] =
    [
      consensus(
        "ties", normalize: true, elects: true, rescale: ("none", "none"),
        [
          P(
            "trim", .word(["tensor", "global"], whenTrue: nil, whenFalse: nil),
            .value(paper: .text("global"), mergekit: .text("tensor")),
            "keep the largest of each tensor, or of the model")
        ],
        "trim, elect signs, disjoint mean"),
      consensus(
        "dare-linear", normalize: false, elects: false, rescale: ("inverse", "l1"), [P.seed],
        "random elements dropped, task arithmetic"),
      consensus(
        "dare-ties", normalize: false, elects: true, rescale: ("inverse", "l1"), [P.seed],
        "random elements dropped, signs elected"),
      consensus(
        "della-linear", normalize: false, elects: false, rescale: ("inverse", "l1"),
        [keepSpread, P.seed], "small elements dropped more often, task arithmetic"),
      consensus(
        "della-ties", aliases: ["della"], normalize: true, elects: true,
        rescale: ("inverse", "l1"), [keepSpread, P.seed],
        "small elements dropped more often, signs elected"),
      consensus(
        "breadcrumbs", normalize: false, elects: false, rescale: ("none", "none"), [outliers],
        "largest and smallest elements dropped, task arithmetic"),
      consensus(
        "breadcrumbs-ties", normalize: false, elects: true, rescale: ("none", "none"), [outliers],
        "largest and smallest elements dropped, signs elected"),
      MethodSpecification(
        "sce", base: .required, sources: 1...Int.max,
        [
          P("select_topk", .number(.share), P.same(.number(1)), "share of elements that vary most"),
          P.int8Mask,
        ],
        "elements selected by variance, weighted by size, minority signs erased"),
    ]

  private static let keepSpread = P(
    "epsilon", .number(.nonNegative), .source, P.same(.number(0.15)),
    "how far the probability of keeping goes: the whole width (paper), or to either side (mergekit)"
  )

  private static let outliers = P(
    "gamma", .number(NumberRange(0, 1, openHigh: true)), .source, P.same(.number(0.01)),
    "share of the largest elements that is dropped")

  private static func consensus(
    _ name: String, aliases: [String] = [], normalize: Bool, elects: Bool,
    rescale: (paper: String, mergekit: String), _ parameters: [P], _ summary: String
  ) -> MethodSpecification {
    MethodSpecification(
      name, aliases: aliases, base: .required, sources: 1...Int.max,
      // With an election each element is divided by the weights that agree on it.
      weightSum: elects ? .free : .dividesWhen("normalize"),
      [
        P.weight(), P.density(paper: name == "ties" ? 0.2 : 1),
        P.normalize(paper: elects, mergekit: normalize), P.lambda,
        P.rescale(paper: rescale.paper, mergekit: rescale.mergekit), P.int8Mask,
      ] + (elects ? [P.signWeights] : []) + parameters,
      summary)
  }
}

extension MethodCatalogue {
  private typealias P = ParameterSpecification

  /// Elements taken from one source or another.
  static let exchangeFamily: [MethodSpecification] = [
    MethodSpecification(
      "nearswap", base: .required, sources: 1...1,
      [P("t", .number(.nonNegative), .required, "distance within which elements are swapped")],
      "the base, with the elements of the source that are near"),
    MethodSpecification(
      "arcee-fusion", base: .required, sources: 1...1, [],
      "the base, with the elements of the source that matter most"),
    MethodSpecification(
      "ram", base: .required, sources: 1...Int.max, [threshold],
      "what one source alone changes is taken, what several change is averaged"),
    MethodSpecification(
      "ramplus-tl", base: .required, sources: 1...Int.max,
      [
        P("r", .number(.nonNegative), P.same(.number(0.1)), "how much unique changes grow"),
        P("alpha", .number(.nonNegative), P.same(.number(0.2)), "the most that they grow by r"),
        threshold,
      ],
      "ram with unique changes made larger by the share of common ones"),
  ]

  private static let threshold = P(
    "epsilon", .number(.nonNegative), P.same(.number(1e-5)), "what counts as a change")
}

extension MethodCatalogue {
  /// Sums with coefficients from files of statistics.
  static let statisticsFamily: [MethodSpecification] = [
    MethodSpecification(
      "fisher", base: .ordinary, sources: 1...Int.max,
      [
        P.weight(P.same(.number(1))),
        P("statistics", .path, .source, .required, "file of the source's Fisher information"),
      ],
      "the mean weighted by Fisher information"),
    MethodSpecification(
      "regmean", base: .ordinary, sources: 1...Int.max,
      [
        P("statistics", .path, .source, .required, "file of the Gram matrices of inputs"),
        P("alpha", .number(.unit), .none, "factor of the matrices' other entries"),
      ],
      "linear layers by least squares over their inputs"),
  ]
}

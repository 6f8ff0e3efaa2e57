extension MethodCatalogue {
  private typealias P = ParameterSpecification

  /// Sums of sources with coefficients that follow from their Gram matrix.
  static let sphericalFamily: [MethodSpecification] = [
    MethodSpecification(
      "slerp", base: .first, sources: 2...2,
      [P("t", .number(.any), .required, "place on the arc; 0 is the base or the first source")],
      "a point on the arc between two sources"),
    MethodSpecification(
      "nuslerp", base: .optional, sources: 2...2, weightSum: .divides,
      [
        P.weight(),
        P(
          "flatten", aliases: ["nuslerp_flatten"], .truth, P.same(.truth(true)),
          "take the tensor as one vector"),
        P(
          "row_wise", aliases: ["nuslerp_row_wise"], .truth, P.same(.truth(false)),
          "without flatten: vectors along the first axis instead of the last"),
      ],
      "slerp by weights, of task vectors where there is a base"),
    MethodSpecification(
      "multislerp", base: .optional, sources: 1...Int.max,
      weightSum: .dividesWhen("normalize_weights"),
      [
        P.weight(),
        P("normalize_weights", .truth, P.same(.truth(true)), "make the weights sum to 1"),
        P("eps", .number(.nonNegative), P.same(.number(1e-8)), "guard against vectors of length 0"),
      ],
      "the mean on the sphere by one step in the tangent space"),
    MethodSpecification(
      "karcher", base: .ordinary, sources: 1...Int.max,
      [
        P(
          "max_iter", .integer(atLeast: 1),
          .value(paper: .integer(100), mergekit: .integer(10)), "most iterations"),
        P(
          "tol", .number(.positive), .value(paper: .number(1e-14), mergekit: .number(1e-5)),
          "length of the step that ends it"),
      ],
      "the mean on the sphere, iterated"),
    MethodSpecification(
      "model-stock", base: .required, sources: 2...Int.max,
      [P("filter_wise", .truth, P.same(.truth(false)), "one angle a row")],
      "between the base and the mean, by the angle between task vectors"),
    MethodSpecification(
      "geometric-median", base: .ordinary, sources: 1...Int.max,
      [
        P.weight(P.same(.number(1))),
        P("max_iter", .integer(atLeast: 1), .none, "most iterations"),
        P("tol", .number(.positive), .none, "relative step that ends it"),
      ],
      "the point with the least sum of distances to the sources"),
  ]
}

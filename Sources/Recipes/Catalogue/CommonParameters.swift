/// Parameters that several methods share.
extension ParameterSpecification {
  /// A value that the paper and mergekit agree upon.
  static func same(_ value: ParameterValue) -> Default { .value(paper: value, mergekit: value) }

  /// The source's share.
  static func weight(_ preset: Default = .required) -> ParameterSpecification {
    ParameterSpecification("weight", .number(.any), .source, preset, "the source's share")
  }

  /// Whether the result is divided by the sum of the weights.
  static func normalize(paper: Bool, mergekit: Bool) -> ParameterSpecification {
    ParameterSpecification(
      "normalize", .truth, .value(paper: .truth(paper), mergekit: .truth(mergekit)),
      "divide by the sum of the weights")
  }

  /// Whether the result is divided by the sum of the weights, alike by the paper and mergekit.
  static func normalize(_ truth: Bool) -> ParameterSpecification {
    normalize(paper: truth, mergekit: truth)
  }

  /// How large the sum of the task vectors becomes.
  static let lambda = ParameterSpecification(
    "lambda", aliases: ["scale"], .number(.any), same(.number(1)),
    "factor of the merged task vector")

  /// Which share of a task vector's elements is kept.
  static func density(paper: Double = 1) -> ParameterSpecification {
    ParameterSpecification(
      "density", .number(.share), .source, .value(paper: .number(paper), mergekit: .number(1)),
      "share of a task vector's elements that is kept")
  }

  /// The memory format of mergekit's masks.
  static let int8Mask = ParameterSpecification(
    "int8_mask", .truth, same(.truth(false)),
    withoutEffect: "masks are never stored", "accepted for mergekit's files")

  /// How a thinned task vector gets its size back.
  static func rescale(paper: String, mergekit: String) -> ParameterSpecification {
    ParameterSpecification(
      "rescale", .word(["none", "l1", "inverse"], whenTrue: "l1", whenFalse: "none"),
      .value(paper: .text(paper), mergekit: .text(mergekit)),
      "what is kept gets the size of the whole: by the L1 norm, or by the probability's inverse")
  }

  /// The seed of random choices.
  static let seed = ParameterSpecification(
    "seed", .integer(atLeast: 0), same(.integer(0)), "seed of the random choices")

  /// Whether the election of signs counts the weights.
  static let signWeights = ParameterSpecification(
    "sign_weights", .truth, .value(paper: .truth(false), mergekit: .truth(true)),
    "elect signs by weighted sums")
}

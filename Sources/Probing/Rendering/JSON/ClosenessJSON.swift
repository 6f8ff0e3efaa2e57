internal import Checkpoints
internal import Reporting

/// The distributions of a comparison; a measure that no sample has is null.
package struct ClosenessJSON: Encodable {
  @OrNull var oneMinusCos: Summary?
  @OrNull var coef: Summary?
  @OrNull var relativeError: Summary?
  @OrNull var globalOneMinusCos: Double?
  @OrNull var globalCoef: Double?
  let samples: Int
  let zeroNorm: Int
  let oneZero: Int
  let nonFinite: Int

  init(_ closeness: Closeness) {
    oneMinusCos = closeness.oneMinusCos
    coef = closeness.coef
    relativeError = closeness.relativeError
    globalOneMinusCos = closeness.globalOneMinusCos
    globalCoef = closeness.globalCoef
    samples = closeness.samples
    zeroNorm = closeness.zeroNorm
    oneZero = closeness.oneZero
    nonFinite = closeness.nonFinite
  }
}

/// A comparison by its means, the distributions below `summary`.
package struct MeanClosenessJSON: Encodable {
  @OrNull var oneMinusCos: Double?
  @OrNull var coef: Double?
  let summary: ClosenessJSON

  init(_ closeness: Closeness) {
    oneMinusCos = closeness.oneMinusCos?.mean
    coef = closeness.coef?.mean
    summary = ClosenessJSON(closeness)
  }
}

/// A layer of a comparison of two constructions.
package struct LayerClosenessJSON: Encodable {
  let name: String
  let kind: String
  let shape: [Int]
  let position: String
  let grade: Grade
  private let closeness: ClosenessJSON

  init(_ layer: LayerCloseness) {
    name = layer.name
    kind = layer.kind
    shape = layer.shape
    position = layer.position
    grade = layer.grade
    closeness = ClosenessJSON(layer.closeness)
  }

  enum CodingKeys: CodingKey {
    case name, kind, shape, position, grade
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(kind, forKey: .kind)
    try container.encode(shape, forKey: .shape)
    try container.encode(position, forKey: .position)
    try container.encode(grade, forKey: .grade)
    try closeness.encode(to: encoder)
  }
}

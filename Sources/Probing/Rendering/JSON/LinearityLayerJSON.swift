internal import Checkpoints
internal import Reporting

/// One layer of `linearity`.
package struct LinearityLayerJSON: Encodable {
  let name: String
  let kind: String
  let shape: [Int]
  let position: String
  let grade: Grade
  let baseline: ClosenessJSON
  let alphas: [AtAlpha]
  let local: [Local]
  @OrNull var secondOrder: [SecondOrder]?
  @OrNull var weights: Weights?
  @OrNull var fit: Fit?

  init(_ layer: LinearityReport.Layer) {
    name = layer.name
    kind = layer.kind
    shape = layer.shape
    position = layer.position
    grade = layer.grade
    baseline = ClosenessJSON(layer.baseline)
    alphas = layer.alphas.map(AtAlpha.init)
    local = layer.local.map(Local.init)
    secondOrder = layer.secondOrder?.map(SecondOrder.init)
    weights = layer.weights.map(Weights.init)
    fit = layer.fit.map { Fit(alpha: $0.alpha, residual: $0.residual) }
  }
}

extension LinearityLayerJSON {
  /// The comparison's members stand beside `alpha`.
  package struct AtAlpha: Encodable {
    let alpha: Double
    let toA: MeanClosenessJSON
    let toB: MeanClosenessJSON
    private let closeness: ClosenessJSON

    init(_ figures: LinearityReport.AtAlpha) {
      alpha = figures.alpha
      toA = MeanClosenessJSON(figures.toA)
      toB = MeanClosenessJSON(figures.toB)
      closeness = ClosenessJSON(figures.closeness)
    }

    enum CodingKeys: CodingKey {
      case alpha, toA, toB
    }

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(alpha, forKey: .alpha)
      try container.encode(toA, forKey: .toA)
      try container.encode(toB, forKey: .toB)
      try closeness.encode(to: encoder)
    }
  }

  package struct Local: Encodable {
    let alpha: Double
    @OrNull var oneMinusCos: Double?
    @OrNull var coef: Double?
    @OrNull var commutativity: Double?
    @OrNull var activation: Double?
    let grade: Grade
    let summary: ClosenessJSON

    init(_ local: LinearityReport.Local) {
      alpha = local.alpha
      oneMinusCos = local.closeness.oneMinusCos?.mean
      coef = local.closeness.coef?.mean
      commutativity = local.commutativity
      activation = local.activation
      grade = local.grade
      summary = ClosenessJSON(local.closeness)
    }
  }

  package struct SecondOrder: Encodable {
    let alpha: Double
    let measured: Double
    let predicted: Double
    let cosine: Double

    init(_ term: LinearityReport.SecondOrder) {
      alpha = term.alpha
      measured = term.measured
      predicted = term.predicted
      cosine = term.cosine
    }
  }

  package struct Weights: Encodable {
    let parameters: Int
    let distance: Double
    let relativeDistance: Double
    @OrNull var cosine: Double?
    @OrNull var taskVectorCosine: Double?

    init(_ weights: LinearityReport.Weights) {
      parameters = weights.parameters
      distance = weights.distance
      relativeDistance = weights.relativeDistance
      cosine = weights.cosine
      taskVectorCosine = weights.taskVectorCosine
    }
  }

  package struct Fit: Encodable {
    let alpha: Double
    let residual: Double
  }
}

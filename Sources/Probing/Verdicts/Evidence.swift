/// What a verdict is made of: layers in the network's order, each at every value of the parameter.
package struct Evidence: Sendable {
  /// One layer.
  package struct Layer: Sendable {
    /// The layer's name.
    package var name: String
    /// The layer's class.
    package var kind: String
    /// Where the feature is taken: `logits`, or `output`.
    package var position: String
    /// The features that reach it, at each value: what it inherits and adds.
    package var inherited: [(alpha: Double?, closeness: Closeness)]
    /// What it adds alone, at each value.
    package var local: [(alpha: Double?, closeness: Closeness)]
    /// The cosine of both models' weights, and their distance relative to their norms.
    package var weights: (cosine: Double?, relativeDistance: Double)?
  }

  /// The layers; the last is the output, or the last layer that can be compared.
  package var layers: [Layer]
  /// The share of equal classes at the output, at each value.
  package var agreement: [(alpha: Double?, share: Double)]
  /// What was done about BatchNorm's statistics: `interpolate`, `reset` or `clamp`.
  package var bn: String
  /// What the parameter is called: `alpha`, or `scale`.
  package var parameter = "alpha"

  /// The evidence of a linearity report, before its verdict.
  package init(layers: [LinearityReport.Layer], output: [LinearityReport.Output], bn: String) {
    self.layers = layers.map { layer in
      Layer(
        name: layer.name, kind: layer.kind, position: layer.position,
        inherited: layer.alphas.map { ($0.alpha, $0.closeness) },
        local: layer.local.map { ($0.alpha, $0.closeness) },
        weights: layer.weights.map { ($0.cosine, $0.relativeDistance) })
    }
    agreement = output.compactMap { output in output.agreement.map { (output.alpha, $0) } }
    self.bn = bn
  }

  /// The evidence of one comparison of layers: a soup, or a decomposition at one scale.
  package init(layers: [LayerCloseness], agreement: Double?, alpha: Double? = nil, bn: String) {
    self.layers = layers.map { layer in
      Layer(
        name: layer.name, kind: layer.kind, position: "output",
        inherited: [(alpha, layer.closeness)], local: [], weights: nil)
    }
    self.agreement = agreement.map { [(alpha, $0)] } ?? []
    self.bn = bn
    parameter = "scale"
  }

  /// The share of equal classes at a value.
  func agreement(at alpha: Double?) -> Double? {
    agreement.first { $0.alpha == alpha }?.share
  }
}

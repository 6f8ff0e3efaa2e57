internal import Checkpoints
internal import Networks

/// What becomes of BatchNorm's statistics in a model that is made of others.
package enum BatchNormPolicy: String, Hashable, Sendable, CaseIterable {
  /// They are combined like weights; a negative variance is an error.
  case interpolate
  /// They are computed anew on a calibration set, layer by layer, exactly pooled.
  case reset
  /// They are combined like weights; a negative variance becomes 0.
  case clamp
}

/// Counts and treats negative variances while networks are made.
struct VarianceGuard {
  let policy: BatchNormPolicy
  /// The networks' names for messages, such as `alpha 0.25`.
  let names: [String]
  /// For each network the negative variances and the layers that have them.
  private(set) var counts: [Int]
  private(set) var layers: [[String]]

  init(_ policy: BatchNormPolicy, names: [String]) {
    self.policy = policy
    self.names = names
    counts = names.map { _ in 0 }
    layers = names.map { _ in [] }
  }

  /// Looks at one layer's weights before they are packed.
  mutating func look(
    _ configuration: LayerConfiguration, _ slots: [ParameterSlot], _ networks: inout [[[Double]]]
  ) {
    for (place, slot) in slots.enumerated() where slot.isVariance {
      for number in networks.indices {
        let negative = networks[number][place].count { $0 < 0 }
        guard negative > 0 else { continue }
        counts[number] += negative
        layers[number].append(configuration.name)
        for channel in networks[number][place].indices where networks[number][place][channel] < 0 {
          networks[number][place][channel] = 0
        }
      }
    }
  }

  /// What was found, as warnings.
  ///
  /// - Throws: ``CheckpointError`` of kind `numeric` where negative variances may not be.
  func conclude() throws(CheckpointError) -> [String] {
    var warnings: [String] = []
    for (number, name) in names.enumerated() where counts[number] > 0 {
      let what =
        "\(grouped(counts[number])) moving variance\(counts[number] == 1 ? " is" : "s are") negative "
        + "in \(layers[number].joined(separator: ", "))"
      switch policy {
      case .interpolate:
        throw CheckpointError(
          .numeric, subject: name, fact: what,
          remedy:
            "such a network computes nothing but NaN; use --bn reset --calibrate FILE, or --bn clamp"
        )
      case .clamp: warnings.append("\(name): \(what); set to 0")
      case .reset: warnings.append("\(name): \(what) before they were reset")
      }
    }
    return warnings
  }
}

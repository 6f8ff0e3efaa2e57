import Checkpoints
import HDF5

/// The legacy layout: a group per layer, whose attribute `weight_names` lists paths below it.
///
/// Order is topological and stands in the attributes; the order of HDF5's links means nothing.
/// Source: `legacy_h5_format.py` of Keras 3, `hdf5_format.py` of Keras 2, `topology.py` of Keras 1.
struct LegacyRules: LayoutRules {
  private struct Place {
    let rank: Int
    let layer: String?
  }

  private(set) var inconsistencies: [String] = []
  private var places: [TensorName: Place] = [:]
  /// The parts outside of which no data set is the network's.
  private let weights: TensorName

  /// Reads the lists of a tree.
  ///
  /// - Parameters:
  ///   - tree: The file.
  ///   - weights: The path of the group with `layer_names`; empty for the root.
  init(_ tree: HDF5Tree, weights: TensorName) {
    self.weights = weights
    var groups: [TensorName: AttributeList] = [:]
    for group in tree.groups {
      let attributes = AttributeList(group.attributes)
      for path in [group.path] + group.aliases { groups[path] = attributes }
    }
    var known = Set<TensorName>()
    for dataset in tree.datasets { known.formUnion([dataset.path] + dataset.aliases) }

    guard let layers = groups[weights]?.strings("layer_names") else {
      inconsistencies.append("group /\(weights): has no attribute layer_names")
      return
    }
    var rank = 0
    for layer in layers + [LegacyRules.topLevel] {
      let path = joined(weights, layer)
      guard let group = groups[path] else {
        if layer != LegacyRules.topLevel {
          inconsistencies.append("layer \(layer): is in layer_names but has no group")
        }
        continue
      }
      guard let names = group.strings("weight_names") else {
        if layer != LegacyRules.topLevel {
          inconsistencies.append("layer \(layer): has no attribute weight_names")
        }
        continue
      }
      for name in names {
        let weight = joined(path, name)
        if !known.contains(weight) {
          inconsistencies.append("layer \(layer): names weight \(name), which isn't in the file")
        }
        if places[weight] == nil {
          places[weight] = Place(
            rank: rank, layer: layer == LegacyRules.topLevel ? nil : layer.text)
        }
        rank += 1
      }
    }
  }

  /// The group of weights that belong to no layer.
  private static let topLevel = TensorName("top_level_model_weights")

  func note(on dataset: HDF5Dataset) -> KerasLayout.Note {
    let components = dataset.path.components
    if components.first == TensorName("optimizer_weights") {
      return KerasLayout.Note(
        verdict: RoleConventions.Verdict(.optimizer), layer: nil, rank: .optimizer)
    }
    let place = ([dataset.path] + dataset.aliases).compactMap { places[$0] }
      .min { $0.rank < $1.rank }
    let verdict = LegacyRules.verdict(dataset, layer: place?.layer)
    return KerasLayout.Note(
      verdict: verdict, layer: place?.layer,
      rank: place.map { .listed($0.rank) } ?? .unlisted)
  }

  /// Names decide, but for the Normalization layer, whose `mean` and `variance` are common words.
  private static func verdict(
    _ dataset: HDF5Dataset, layer: String?
  ) -> RoleConventions.Verdict {
    let leaf = RoleConventions.leaf(of: dataset.path.text)
    if dataset.type.element.isFloatingPoint, layer?.hasPrefix("normalization") == true,
      leaf == "mean" || leaf == "variance"
    {
      return RoleConventions.Verdict(.statistic, isVariance: leaf == "variance")
    }
    return RoleConventions.verdict(dataset.path, type: dataset.type.element)
  }
}

/// A path below a group; the root's path is empty.
func joined(_ group: TensorName, _ name: TensorName) -> TensorName {
  group.bytes.isEmpty ? name : TensorName(bytes: group.bytes + [UInt8(ascii: "/")] + name.bytes)
}

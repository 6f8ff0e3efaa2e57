import Checkpoints
import HDF5

/// The layout of the parts `tf_model-00001-of-0000N.h5` of Hugging Face's Transformers 4: the root's
/// `layer_names` lists the paths of data sets, and no group has `weight_names`.
///
/// Source: `save_pretrained` of `modeling_tf_utils.py`. An unsharded `tf_model.h5` has the legacy layout.
struct TransformersRules: LayoutRules {
  let inconsistencies: [String] = []

  /// Whether all that a root lists are data sets, of which there is at least one.
  static func matches(_ tree: HDF5Tree, _ root: AttributeList) -> Bool {
    guard let names = root.strings("layer_names"), !names.isEmpty else { return false }
    let datasets = Set(tree.datasets.map(\.path))
    return names.allSatisfy(datasets.contains)
  }

  /// A weight's layer is the group around it: `bert/pooler/dense` of `bert/pooler/dense/kernel:0`.
  func note(on dataset: HDF5Dataset) -> KerasLayout.Note {
    let parts = dataset.path.components.dropLast()
    return KerasLayout.Note(
      verdict: RoleConventions.verdict(dataset.path, type: dataset.type.element),
      layer: parts.isEmpty ? nil : parts.map(\.text).joined(separator: "/"), rank: .unlisted)
  }
}

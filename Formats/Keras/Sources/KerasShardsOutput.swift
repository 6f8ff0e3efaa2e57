package import Checkpoints
import HDF5
import JSON

/// Keras's sharded weights, `model.weights.json` and its parts, that are to be written.
///
/// Source: `ShardedH5IOStore` in `keras/src/saving/saving_lib.py` of Keras 3.15.
package enum KerasShardsOutput {
  /// Puts variables into parts.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the variables.
  ///   - limit: The most bytes of values in a part; a larger variable has a part of its own.
  ///   - source: The name of the checkpoint that they come from, for errors.
  /// - Returns: At least one part, `model_00000.weights.h5`. The index maps the group of each
  ///   layer's variables to all files in which there are any of them.
  /// - Throws: ``CheckpointError`` where a name isn't one of a layer's variables, by which Keras
  ///   finds them.
  package static func parts(
    _ tensors: [(name: TensorName, size: Int)], limit: Int, source: String
  ) throws(CheckpointError) -> ShardedParts {
    for tensor in tensors where group(of: tensor.name) == nil {
      throw .unusable(
        source, tensor: tensor.name,
        "can't be in Keras's sharded weights, whose names end in vars/0, vars/1, …",
        remedy: "convert the model to .keras first, or leave --format out for safetensors files")
    }
    return ShardedParts(
      tensors, limit: limit, indexName: "model.weights.json",
      partName: { place, _ in "model_\(ShardedParts.padded(place)).weights.h5" },
      index: { files, totalSize in
        var groups: [TensorName: Set<String>] = [:]
        for (name, file) in files {
          if let group = group(of: name) { groups[group, default: []].insert(file) }
        }
        let map = groups.sorted { $0.key < $1.key }.map { group, files in
          StrictJSON.Member(
            key: Array("/".utf8) + group.bytes,
            value: .array(files.sorted().map { .string(Array($0.utf8)) }))
        }
        return ShardIndex.text(of: map, totalSize: totalSize)
      })
  }

  /// The writer of a part, whose groups tell the names of their layers.
  ///
  /// - Parameter variables: The names of the part's variables and their layers.
  /// - Returns: The writer.
  package static func writer(
    _ variables: [(name: TensorName, layer: String?)]
  ) -> any CheckpointWriter {
    var layers: [TensorName: String] = [:]
    for variable in variables {
      if let group = group(of: variable.name) { layers[group] = variable.layer }
    }
    return HDF5Writer(
      groups: layers.sorted { $0.key < $1.key }.map { group, layer in
        NewHDF5Group(group, attributes: [Checkpoint.Attribute(name: "name", value: layer)])
      })
  }

  /// The group of a variable `…/vars/0`; nil for other names.
  private static func group(of name: TensorName) -> TensorName? {
    let parts = name.components
    guard let number = parts.last, Int(number.text) != nil,
      parts.dropLast().last == TensorName("vars")
    else { return nil }
    return TensorName(components: parts.dropLast())
  }
}

package import Checkpoints
import JSON

/// A model in several safetensors files as Hugging Face names them.
package enum SafetensorsIndex {
  /// Puts tensors into parts.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the tensors.
  ///   - limit: The most bytes of tensors in a part; a larger tensor has a part of its own.
  /// - Returns: At least one part, `model-00001-of-00001.safetensors`.
  package static func parts(
    _ tensors: [(name: TensorName, size: Int)], limit: Int
  ) -> ShardedParts {
    ShardedParts(
      tensors, limit: limit, indexName: "model.safetensors.index.json",
      partName: { place, count in
        let number = ShardedParts.padded(place + 1)
        return "model-\(number)-of-\(ShardedParts.padded(count)).safetensors"
      },
      index: { files, totalSize in
        let map = files.sorted { $0.key < $1.key }.map { name, file in
          StrictJSON.Member(key: name.bytes, value: .string(Array(file.utf8)))
        }
        return ShardIndex.text(of: map, totalSize: totalSize)
      })
  }
}

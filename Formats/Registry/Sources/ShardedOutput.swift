public import Checkpoints
public import Safetensors

/// How a checkpoint is cut into the files of a folder.
public enum ShardedOutput {
  /// The parts into which tensors go.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the tensors.
  ///   - limit: The most bytes of tensors in a part.
  /// - Returns: The parts and their index.
  public static func parts(
    _ tensors: [(name: TensorName, size: Int)], limit: Int
  ) -> SafetensorsIndex.Parts {
    SafetensorsIndex.parts(tensors, limit: limit)
  }

  /// The name of the index.
  public static var indexName: String { SafetensorsIndex.name }

  /// The files of a model folder that hold no weights: configuration, tokenizer and the like.
  ///
  /// - Parameter path: What was named as a source.
  /// - Returns: The names; none where a file was named.
  public static func sideFiles(of path: String) -> [String] {
    (FolderListing.names(in: path) ?? []).filter { name in
      let isWeights = [
        ".safetensors", ".safetensors.index.json", ".h5", ".bin", ".pt", ".pth", ".msgpack",
        ".bin.index.json", ".weights.json", ".h5.index.json", ".gguf", ".onnx",
      ].contains(where: name.hasSuffix)
      return !isWeights && !name.hasPrefix(".") && FolderListing.names(in: "\(path)/\(name)") == nil
    }.sorted()
  }
}

public import Checkpoints
import Keras
import Safetensors

/// How a checkpoint is cut into the files of a folder.
public enum ShardedOutput: Sendable {
  /// As Hugging Face's models are.
  case safetensors
  /// As Keras cuts weights.
  case keras

  /// The way of a family; nil for those that are never cut.
  public init?(_ family: OutputFormats.Family) {
    switch family {
    case .safetensors: self = .safetensors
    case .hdf5: self = .keras
    case .npz, .npy, .keras: return nil
    }
  }

  /// The parts into which tensors go.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the tensors.
  ///   - limit: The most bytes of tensors in a part.
  ///   - source: The name of the checkpoint that they come from, for errors.
  /// - Returns: The parts and their index.
  /// - Throws: ``CheckpointError`` for a name that the format can't have.
  public func parts(
    _ tensors: [(name: TensorName, size: Int)], limit: Int, source: String
  ) throws(CheckpointError) -> ShardedParts {
    switch self {
    case .safetensors: SafetensorsIndex.parts(tensors, limit: limit)
    case .keras: try KerasShardsOutput.parts(tensors, limit: limit, source: source)
    }
  }

  /// The writer of a part.
  ///
  /// - Parameter tensors: The names of the part's tensors and their layers.
  /// - Returns: The writer.
  public func writer(
    _ tensors: [(name: TensorName, layer: String?)]
  ) -> any CheckpointWriter {
    switch self {
    case .safetensors: SafetensorsWriter()
    case .keras: KerasShardsOutput.writer(tensors)
    }
  }

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

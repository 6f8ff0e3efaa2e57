public import Checkpoints
import HDF5
import Keras
import NumPy
import Safetensors

/// The formats that outputs can have.
public enum OutputFormats {
  /// What a file's format is written as: formats of one family differ in their contents only.
  public enum Family: String, CaseIterable, Sendable {
    case hdf5, safetensors, npz, npy, keras

    /// The family of a checkpoint, by the name of its format.
    public init?(of checkpoint: Checkpoint) {
      switch checkpoint.format {
      case "keras-archive": self = .keras
      case "safetensors", "safetensors-sharded": self = .safetensors
      case "npz": self = .npz
      case "npy": self = .npy
      case let name where name == "hdf5" || name.hasPrefix("keras-"): self = .hdf5
      default: return nil
      }
    }

    /// The family that a file's name promises; nil for a name that promises nothing.
    public init?(path: String) {
      let name = lastComponent(of: path)
      let endings: [(String, Family)] = [
        (".h5", .hdf5), (".hdf5", .hdf5), (".safetensors", .safetensors), (".npz", .npz),
        (".npy", .npy), (".keras", .keras),
      ]
      guard let found = endings.first(where: { name.lowercased().hasSuffix($0.0) }) else {
        return nil
      }
      self = found.1
    }

    /// The writer of files of any tensors; nil for formats that need more than tensors.
    public var writer: (any CheckpointWriter)? {
      switch self {
      case .hdf5: HDF5Writer()
      case .safetensors: SafetensorsWriter()
      case .npz: ArchiveWriter()
      case .npy, .keras: nil
      }
    }
  }

  /// The writer of files of arrays that a name asks for; HDF5 for a name that promises nothing.
  ///
  /// - Parameter path: The output's name.
  /// - Returns: The writer.
  /// - Throws: ``CheckpointError`` of kind `usage` where such a file can't be made of arrays alone, or
  ///   is never written.
  public static func writer(named path: String) throws(CheckpointError) -> any CheckpointWriter {
    try refuseForeign(path)
    guard let writer = (Family(path: path) ?? .hdf5).writer else {
      throw CheckpointError(
        .usage, subject: path, fact: "such a file can't be made of arrays alone",
        remedy: "name an output that ends in .h5, .npz or .safetensors")
    }
    return writer
  }

  /// The layouter for an output, or nil where it is of its template's own family.
  ///
  /// - Parameters:
  ///   - path: The output's name.
  ///   - family: The family that was asked for by name; nil to go by `path`.
  ///   - template: The checkpoint on which the output is modelled.
  ///   - architecture: A Keras model's configuration and the name of its file, for templates without one.
  ///   - convert: Makes a layouter of the writer of a file of any tensors.
  /// - Returns: The layouter.
  /// - Throws: ``CheckpointError`` where such a file can't be made of the template.
  public static func layouter(
    for path: String, family: Family?, template: Checkpoint,
    architecture: (file: String, text: String)? = nil,
    convert: (any CheckpointWriter) -> any OutputLayouter = { ConvertingLayouter($0) }
  ) throws(CheckpointError) -> (any OutputLayouter)? {
    let own = Family(of: template)
    guard let wanted = family ?? Family(path: path) ?? own, wanted != own else { return nil }
    if wanted == .keras { return try KerasArchive.layouter(for: template, architecture) }
    guard let writer = wanted.writer else {
      throw CheckpointError(
        .usage, subject: path,
        fact: "a \(wanted.rawValue) file can't be made from \(template.file.name) "
          + "(\(template.format))",
        remedy: "name an output that ends in .npz, .safetensors or .h5")
    }
    return convert(writer)
  }

  /// Refuses names that promise a format that is never written: nobody who names `model.pt` wants
  /// HDF5 in it.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage`.
  public static func refuseForeign(_ path: String) throws(CheckpointError) {
    let name = lastComponent(of: path).lowercased()
    if name.hasSuffix(".weights.json") {
      throw CheckpointError(
        .usage, subject: path, fact: "Keras's sharded weights are several files",
        remedy: "name an output that ends in .weights.h5, and cut that with"
          + " convert --format hdf5 --shard-size")
    }
    if name.hasSuffix(".index.json") {
      throw CheckpointError(
        .usage, subject: path, fact: "a model in parts is several files",
        remedy: "name one file, and cut that with convert --shard-size")
    }
    let endings = [
      "pt", "pth", "bin", "ckpt", "gguf", "onnx", "msgpack", "pkl", "tflite", "pb", "mlmodel",
      "zarr", "json", "yaml", "yml", "zip", "tar", "gz",
    ]
    guard let ending = endings.first(where: { name.hasSuffix(".\($0)") }) else { return }
    throw CheckpointError(
      .usage, subject: path, fact: ".\(ending) files aren't written",
      remedy: "name an output that ends in .h5, .keras, .safetensors or .npz")
  }
}

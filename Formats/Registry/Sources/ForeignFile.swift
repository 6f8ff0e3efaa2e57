import Checkpoints
import Zip

/// Names what a file is that no format of ours reads, and says what to do about it.
enum ForeignFile {
  /// A kind of file, known by its first bytes.
  private struct Kind {
    let starts: [[UInt8]]
    let fact: String
    let remedy: String

    init(_ starts: [String], _ fact: String, _ remedy: String) {
      self.init(bytes: starts.map { Array($0.utf8) }, fact, remedy)
    }

    init(bytes: [[UInt8]], _ fact: String, _ remedy: String) {
      self.starts = bytes
      self.fact = fact
      self.remedy = remedy
    }
  }

  private static let kinds: [Kind] = [
    Kind(
      ["version https://git-lfs"], "is a Git LFS pointer, not the file itself",
      "fetch the file with: git lfs pull"),
    Kind(
      ["<!DOCTYPE", "<!doctype", "<html", "<HTML"], "is a web page, not a checkpoint",
      "download the file itself; a login page may have come in its place"),
    Kind(
      bytes: [[0x1F, 0x8B]], "is compressed with gzip", "decompress it first with gunzip"),
    Kind(
      bytes: [
        [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
      ],
      "is in PyTorch's format before 1.6, a pickle that isn't read",
      "load it with torch.load and save it again with torch.save"),
    Kind(
      bytes: [[0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]],
      "is a pickle, which is never read because it can run code",
      "store the state dict in an HDF5 file with h5py"),
  ]

  /// A kind of file that has no signature at its beginning.
  private static func structured(
    _ file: InputFile, _ head: [UInt8]
  ) throws(CheckpointError) -> (fact: String, remedy: String)? {
    // ONNX: a protocol buffer whose first field is a small version, and whose next is a text or the
    // graph.
    if head.count > 3, head[0] == 0x08, (1...20).contains(head[1]),
      [0x12, 0x1A, 0x22, 0x3A, 0x42].contains(head[2])
    {
      return (
        "looks like an ONNX model, which isn't supported",
        "store its initializers with onnx.numpy_helper and numpy.savez"
      )
    }
    // The index of a TensorFlow checkpoint is a table of LevelDB, marked at its end.
    if file.size >= 48, let tail = Extent(offset: file.size - 8, length: 8),
      try file.bytes(tail) == [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
    {
      return (
        "is the index of a TensorFlow checkpoint, which isn't supported",
        "load the model and save its weights with model.save_weights(\"x.weights.h5\")"
      )
    }
    return nil
  }

  /// The error that names what the file is.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read.
  static func error(for file: InputFile) throws(CheckpointError) -> CheckpointError {
    guard file.size > 0 else {
      return .unusable(file.name, "is empty", remedy: "was the download or the save cut short?")
    }
    guard let extent = Extent(offset: 0, length: min(file.size, 64)) else {
      return .unusable(file.name, "can't be read")
    }
    let head = try file.bytes(extent)
    for kind in kinds where kind.starts.contains(where: { head.starts(with: $0) }) {
      return .unusable(file.name, kind.fact, remedy: kind.remedy)
    }
    if let kind = try structured(file, head) {
      return .unusable(file.name, kind.fact, remedy: kind.remedy)
    }
    if head.starts(with: [0x50, 0x4B, 3, 4]) {
      // A damaged archive is recognised by no format; this says what is wrong with it.
      _ = try ZipArchive(file)
      return .unusable(
        file.name, "is a zip archive without anything that is known",
        remedy: "supported are Keras's .keras, NumPy's .npz and PyTorch's files")
    }
    return .unusable(
      file.name, "is no checkpoint of a known format",
      remedy: "supported are Keras and other HDF5 files, safetensors and NumPy's .npz")
  }
}

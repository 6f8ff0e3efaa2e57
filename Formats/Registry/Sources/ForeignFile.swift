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
    Kind(["GGUF"], "is a GGUF file, which isn't supported", "merge its HDF5 original"),
    Kind(
      bytes: [[0x80, 2], [0x80, 3], [0x80, 4], [0x80, 5]],
      "is a pickle, which is never read because it can run code",
      "store the state dict in an HDF5 file with h5py"),
  ]

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

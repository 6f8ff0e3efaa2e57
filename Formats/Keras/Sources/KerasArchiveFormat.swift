public import Checkpoints
import HDF5
import Zip

/// `.keras` files: a zip archive with a model's configuration and its weights in HDF5.
///
/// Keras stores members without compression, so the weights are read where they lie.
public struct KerasArchiveFormat: CheckpointFormat {
  static let weights = TensorName("model.weights.h5")
  static let configuration = TensorName("config.json")
  private static let arrays = TensorName("model.weights.npz")
  /// The largest text that is read whole: configurations of large models have a few megabytes.
  static let longestText = 256 << 20

  /// The format.
  public init() {}

  /// The name that reports use.
  public var name: String { "keras-archive" }

  /// Whether the file is a zip archive with a configuration and weights.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard try ZipArchive.recognises(file), let archive = try? ZipArchive(file) else {
      return false
    }
    return archive[Self.configuration] != nil
      && (archive[Self.weights] != nil || archive[Self.arrays] != nil)
  }

  /// Surveys the weights; the configuration is the attribute `model_config`, as in other files of
  /// Keras.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let archive = try ZipArchive(file)
    guard let entry = archive[Self.weights] else {
      throw .zip(
        file, Self.arrays, "holds the weights as pickled Python objects, which are never read",
        remedy: "save the model again; Keras stores weights in HDF5 by default")
    }
    let inner = try content(of: entry, in: archive)
    guard try HDF5Tree.recognises(inner) else {
      throw .zip(file, entry.name, "isn't an HDF5 file")
    }
    let survey = try KerasSurvey(inner)
    var attributes = survey.attributes
    attributes += ZipComment(archive.comment).attributes
    for (member, name) in KerasFolder.texts {
      guard let text = archive[TensorName(member)] else { continue }
      attributes.append(
        Checkpoint.Attribute(name: name, value: try self.text(of: text, in: archive)))
    }
    let checks = archive.entries.filter { $0.method == .stored }.map {
      MemberCheck($0, in: file, tensor: nil)
    }
    return Checkpoint(
      file: inner, format: name, tensors: survey.tensors, attributes: attributes,
      inconsistencies: survey.inconsistencies, checks: checks,
      layouter: KerasArchiveLayouter(
        KerasArchiveMembers(of: archive), inner: HDF5Layouter(survey.tree)))
  }

  /// A member's bytes as a file: in place, or inflated when they are first read.
  private func content(
    of entry: ZipEntry, in archive: ZipArchive
  ) throws(CheckpointError) -> InputFile {
    switch entry.method {
    case .stored: return archive.file.view(entry.data)
    case .deflated:
      let spool = Spool(purpose: "hold the inflated weights of \(archive.file.name)")
      let range = spool.range(length: entry.size) { (range) throws(CheckpointError) in
        let stream = try InflateStream(entry, in: archive.file)
        while stream.count < entry.size {
          let place = stream.count
          let bytes = try stream.next(1 << 20)
          try range.write(unsafe bytes.span.bytes, at: place)
        }
      }
      return archive.file.replaced(by: range, size: entry.size)
    case .other(let number):
      throw .zip(
        archive.file, entry.name, "is compressed by zip's method \(number), which isn't supported",
        remedy: "save the model again with model.save")
    }
  }

  private func text(
    of entry: ZipEntry, in archive: ZipArchive
  ) throws(CheckpointError) -> String {
    guard entry.size <= Self.longestText, let whole = Extent(offset: 0, length: entry.size) else {
      throw .zip(archive.file, entry.name, "has \(entry.size) bytes, too many for a configuration")
    }
    let bytes = try content(of: entry, in: archive).bytes(whole)
    return String(decoding: bytes, as: UTF8.self)
  }
}

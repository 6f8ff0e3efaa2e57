package import Checkpoints

/// The index of a model in several files: `{"metadata": {…}, "weight_map": {name: file}}`.
///
/// Hugging Face maps tensors to files; Keras maps groups, and a group may lie in several files, which
/// it then lists. Files lie beside the index: a stranger's index must not lead elsewhere.
package struct ShardIndex: Sendable {
  /// A name and the files in which what it names lies.
  package struct Entry: Sendable {
    /// The key as it stands in the index.
    package let name: TensorName
    /// At least one file's name.
    package let files: [String]
  }

  /// The entries in the order of the index.
  package let entries: [Entry]
  /// The bytes of all tensors by the index's own word; nil where it doesn't tell.
  package let totalSize: Int?

  /// Larger texts are no indices.
  private static let largest = 256 << 20

  /// All files, sorted.
  package var files: [String] { Set(entries.flatMap(\.files)).sorted() }

  /// Whether a file is an index whose files all end in one of some ways.
  ///
  /// - Throws: ``CheckpointError`` where it can't be read.
  package static func recognises(
    _ file: InputFile, endings: [String]
  ) throws(CheckpointError) -> Bool {
    guard file.size > 2, file.size <= largest,
      let first = Extent(offset: 0, length: 1), try file.bytes(first) == [UInt8(ascii: "{")],
      let whole = Extent(offset: 0, length: file.size)
    else { return false }
    let bytes = try file.bytes(whole)
    guard let map = (try? StrictJSON(parsing: bytes))?["weight_map"]?.members else { return false }
    return map.allSatisfy { member in
      guard let files = names(in: member.value) else { return false }
      return files.allSatisfy { name in endings.contains(where: name.hasSuffix) }
    }
  }

  /// Reads an index.
  ///
  /// - Throws: ``CheckpointError`` where it is damaged or names files elsewhere.
  package init(of file: InputFile) throws(CheckpointError) {
    guard let whole = Extent(offset: 0, length: file.size), file.size <= Self.largest else {
      throw .unusable(file.name, "is too large for an index")
    }
    let bytes = try file.bytes(whole)
    let json: StrictJSON
    do throws(StrictJSON.Fault) {
      json = try StrictJSON(parsing: bytes)
    } catch {
      throw .unusable(file.name, "the index \(error.fact)", remedy: "fetch it again")
    }
    var entries: [Entry] = []
    for member in json["weight_map"]?.members ?? [] {
      guard let files = Self.names(in: member.value), !files.isEmpty else {
        throw .unusable(file.name, "its weight_map names something else than files")
      }
      for part in files where !Self.isPlain(part) {
        throw .unusable(
          file.name, "names the part \(TensorName(part)), which isn't a file beside it",
          remedy: "the index is damaged or was made to mislead")
      }
      entries.append(Entry(name: TensorName(bytes: member.key), files: files))
    }
    guard !entries.isEmpty else {
      throw .unusable(file.name, "lists no tensors", remedy: "name the model's own file")
    }
    self.entries = entries
    totalSize = json["metadata"]?["total_size"].flatMap(Self.size)
  }

  /// The text of an index.
  ///
  /// - Parameters:
  ///   - map: What is in which file.
  ///   - totalSize: The bytes of all tensors.
  /// - Returns: The text.
  package static func text(of map: [StrictJSON.Member], totalSize: Int) -> [UInt8] {
    let metadata = [StrictJSON.Member(key: Array("total_size".utf8), value: .integer(totalSize))]
    return JSONWriter.bytes(
      of: .object([
        StrictJSON.Member(key: Array("metadata".utf8), value: .object(metadata)),
        StrictJSON.Member(key: Array("weight_map".utf8), value: .object(map)),
      ]))
  }

  /// One file, or a list of files.
  private static func names(in value: StrictJSON) -> [String]? {
    if let text = value.text { return [text] }
    guard let elements = value.elements else { return nil }
    let texts = elements.compactMap(\.text)
    return texts.count == elements.count ? texts : nil
  }

  private static func isPlain(_ part: String) -> Bool {
    !part.isEmpty && part != "." && part != ".." && !part.utf8.contains(UInt8(ascii: "/"))
      && !part.utf8.contains(0)
  }

  /// Keras sums up in floats: `2088.0`.
  private static func size(_ value: StrictJSON) -> Int? {
    if case .number(let text) = value { return Double(text).flatMap { Int(exactly: $0) } }
    return value.integer
  }
}

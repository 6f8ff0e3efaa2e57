import Checkpoints
import JSON

/// The header of a safetensors file that is to be written.
///
/// Its bytes depend on what it says alone: `__metadata__` first, then the tensors in the order of
/// their bytes, padded with spaces so that the data begin at a multiple of eight.
struct SafetensorsPlan {
  /// A tensor of the output.
  struct Entry {
    let name: TensorName
    /// The type by the specification's name.
    let type: String
    let shape: [Int]
    /// The size in bytes.
    let length: Int
  }

  /// The bytes in front of the data.
  let header: [UInt8]
  /// The range of each tensor.
  let extents: [Extent]
  /// The size of the file.
  let size: Int

  /// Lays out a file.
  ///
  /// - Parameters:
  ///   - entries: The tensors in the order in which they are stored.
  ///   - metadata: The metadata in their order.
  ///   - file: The output's name, for errors.
  /// - Throws: ``CheckpointError`` where the header is larger than the format allows.
  init(
    _ entries: [Entry], metadata: [SafetensorsHeader.Pair], file: String
  ) throws(CheckpointError) {
    var members: [StrictJSON.Member] = []
    if !metadata.isEmpty {
      let pairs = metadata.map {
        StrictJSON.Member(key: Array($0.key.utf8), value: .string(Array($0.value.utf8)))
      }
      members.append(StrictJSON.Member(key: Array("__metadata__".utf8), value: .object(pairs)))
    }
    var offset = 0
    for entry in entries {
      let value = StrictJSON.object([
        StrictJSON.Member(key: Array("dtype".utf8), value: .string(Array(entry.type.utf8))),
        StrictJSON.Member(
          key: Array("shape".utf8), value: .array(entry.shape.map(StrictJSON.integer))),
        StrictJSON.Member(
          key: Array("data_offsets".utf8),
          value: .array([.integer(offset), .integer(offset + entry.length)])),
      ])
      members.append(StrictJSON.Member(key: entry.name.bytes, value: value))
      offset += entry.length
    }
    var json = JSONWriter.bytes(of: .object(members))
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    guard json.count <= SafetensorsHeader.largest else {
      throw .unusable(file, "needs a header of \(json.count) bytes, more than safetensors allows")
    }
    header = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> ($0 * 8)) } + json
    var extents: [Extent] = []
    var position = header.count
    for entry in entries {
      guard let extent = Extent(offset: position, length: entry.length) else {
        throw .unusable(file, "would be larger than can be addressed")
      }
      extents.append(extent)
      position = extent.end
    }
    self.extents = extents
    size = position
  }
}

import Checkpoints
import JSON

/// The head of a safetensors file: its metadata and where each tensor lies.
///
/// Everything that the specification demands is checked before a tensor is handed out: tensors tile
/// the data without hole or overlap, sizes follow from shapes, and the file ends with the last one.
struct SafetensorsHeader: Hashable {
  /// One tensor.
  struct Entry: Hashable {
    let name: TensorName
    /// The type by the specification's name.
    let type: String
    let shape: [Int]
    /// The range of the file.
    let extent: Extent
  }

  /// A pair of `__metadata__`.
  struct Pair: Hashable {
    let key: String
    let value: String
  }

  /// The tensors in the order of their bytes.
  let entries: [Entry]
  /// The metadata in the header's order.
  let metadata: [Pair]

  /// What is wrong, and with which tensor.
  struct Fault: Error {
    var tensor: TensorName?
    let fact: String

    init(_ fact: String, tensor: TensorName? = nil) {
      self.fact = fact
      self.tensor = tensor
    }
  }

  /// The specification's limit on the size of the JSON.
  static let largest = 100_000_000
  /// The bytes that tell the size of the JSON.
  static let prefixLength = 8

  /// A header of entries that were checked.
  init(entries: [Entry], metadata: [Pair]) {
    self.entries = entries
    self.metadata = metadata
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - json: The JSON text between the size and the data.
  ///   - fileSize: The size of the file.
  /// - Throws: ``Fault`` where a rule of the specification is broken.
  init(_ json: [UInt8], fileSize: Int) throws(Fault) {
    let members = try SafetensorsHeader.members(json)
    let start = SafetensorsHeader.prefixLength + json.count
    var metadata: [Pair] = []
    var entries: [(entry: Entry, begin: Int, end: Int)] = []
    for member in members {
      if member.key == Array("__metadata__".utf8) {
        metadata = try SafetensorsHeader.metadata(member.value)
      } else {
        entries.append(
          try SafetensorsHeader.entry(TensorName(bytes: member.key), member.value, start: start))
      }
    }
    // A tensor without elements shares its place with its neighbour.
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var end = 0
    for (entry, begin, next) in entries {
      guard begin == end else {
        throw Fault(
          begin > end ? "\(begin - end) bytes before it belong to no tensor" : "overlaps another",
          tensor: entry.name)
      }
      end = next
    }
    let (size, overflow) = start.addingReportingOverflow(end)
    guard !overflow, size <= fileSize else {
      throw Fault("truncated: \(fileSize) of \(size) bytes")
    }
    guard size == fileSize else {
      throw Fault("\(fileSize - size) bytes at the end belong to no tensor")
    }
    self.entries = entries.map(\.entry)
    self.metadata = metadata
  }

  private static func members(_ json: [UInt8]) throws(Fault) -> [StrictJSON.Member] {
    guard json.first == UInt8(ascii: "{") else { throw Fault("the header doesn't begin with {") }
    let value: StrictJSON
    do throws(StrictJSON.Fault) {
      value = try StrictJSON(parsing: json)
    } catch {
      throw Fault("the header \(error.fact)")
    }
    return value.members ?? []
  }

  private static func metadata(_ value: StrictJSON) throws(Fault) -> [Pair] {
    guard let members = value.members else { throw Fault("__metadata__ isn't an object") }
    var pairs: [Pair] = []
    for member in members {
      guard let text = member.value.text else {
        throw Fault("__metadata__ holds something else than texts")
      }
      pairs.append(Pair(key: String(decoding: member.key, as: UTF8.self), value: text))
    }
    return pairs
  }

  private static func entry(
    _ name: TensorName, _ value: StrictJSON, start: Int
  ) throws(Fault) -> (entry: Entry, begin: Int, end: Int) {
    guard let members = value.members, members.count == 3, let type = value["dtype"]?.text,
      let axes = value["shape"]?.elements, let offsets = value["data_offsets"]?.elements,
      offsets.count == 2, let begin = offsets[0].integer, let end = offsets[1].integer
    else {
      throw Fault("isn't described by a dtype, a shape and two data_offsets", tensor: name)
    }
    guard let known = SafetensorsType.element(type) else {
      throw Fault("has the type \(type), which isn't known", tensor: name)
    }
    var shape: [Int] = []
    for axis in axes {
      guard let extent = axis.integer, extent >= 0 else {
        throw Fault("has a shape that isn't made of counts", tensor: name)
      }
      shape.append(extent)
    }
    guard let bits = checkedProduct(shape + [known.bits]) else {
      throw Fault("declares more elements than can be addressed", tensor: name)
    }
    guard begin >= 0, end >= begin, bits % 8 == 0, end - begin == bits / 8 else {
      throw Fault(
        "takes the bytes from \(begin) to \(end), but its shape and type need \(bits) bits",
        tensor: name)
    }
    let position = start.addingReportingOverflow(begin)
    guard !position.overflow,
      let extent = Extent(offset: position.partialValue, length: end - begin)
    else { throw Fault("lies beyond what can be addressed", tensor: name) }
    return (Entry(name: name, type: type, shape: shape, extent: extent), begin, end)
  }
}

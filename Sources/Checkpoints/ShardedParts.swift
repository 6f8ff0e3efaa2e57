/// A model that is to be cut into files: which tensor goes where, and the index that says so.
public struct ShardedParts: Sendable {
  /// The name of each part.
  public let names: [String]
  /// The part of each tensor.
  public let parts: [TensorName: Int]
  /// The index's name.
  public let indexName: String
  /// The index's bytes.
  public let index: [UInt8]

  /// Fills parts one after the other, in the order of the tensors.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the tensors.
  ///   - limit: The most bytes of tensors in a part; a larger tensor has a part of its own.
  ///   - indexName: The index's name.
  ///   - partName: The name of a part by its place and the number of parts.
  ///   - index: The index by the file of each tensor and the bytes of all.
  package init(
    _ tensors: [(name: TensorName, size: Int)], limit: Int, indexName: String,
    partName: (_ place: Int, _ count: Int) -> String,
    index: (_ files: [TensorName: String], _ totalSize: Int) -> [UInt8]
  ) {
    var parts: [TensorName: Int] = [:]
    var part = 0
    var filled = 0
    for tensor in tensors {
      if filled > 0, tensor.size > limit - filled {
        part += 1
        filled = 0
      }
      parts[tensor.name] = part
      filled += tensor.size
    }
    let names = (0...part).map { partName($0, part + 1) }
    self.names = names
    self.parts = parts
    self.indexName = indexName
    self.index = index(parts.mapValues { names[$0] }, tensors.reduce(0) { $0 + $1.size })
  }

  /// A number with five digits at least, as in the names of parts.
  package static func padded(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }
}

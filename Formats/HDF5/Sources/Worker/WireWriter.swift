import Checkpoints

/// Writes the messages between a program and its worker.
///
/// Integers are little-endian with a fixed width; lists and texts are preceded by their length.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ value: UInt8) {
    bytes.append(value)
  }

  mutating func write<I: FixedWidthInteger>(_ value: I) {
    var rest = value
    for _ in 0..<(I.bitWidth / 8) {
      bytes.append(UInt8(truncatingIfNeeded: rest))
      rest >>= 8
    }
  }

  mutating func write(_ value: Bool) {
    bytes.append(value ? 1 : 0)
  }

  mutating func write(_ value: [UInt8]) {
    write(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  mutating func write(_ value: String) {
    write(Array(value.utf8))
  }

  mutating func write(_ name: TensorName) {
    write(name.bytes)
  }

  mutating func write<I: FixedWidthInteger>(integers: [I]) {
    write(UInt64(integers.count))
    for value in integers { write(value) }
  }

  /// Writes whether there is a value, and the value where there is.
  mutating func write<Value>(
    optional value: Value?, _ body: (inout WireWriter, Value) -> Void
  ) {
    write(value != nil)
    if let value { body(&self, value) }
  }

  /// Writes the count and each element.
  mutating func write<Element>(
    list: [Element], _ body: (inout WireWriter, Element) -> Void
  ) {
    write(UInt64(list.count))
    for element in list { body(&self, element) }
  }

  /// Hands over what was written and starts anew.
  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}

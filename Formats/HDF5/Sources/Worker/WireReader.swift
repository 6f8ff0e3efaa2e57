import Checkpoints

/// A message that isn't what its sender promised.
struct WireError: Error {
  let reason: String
}

/// Reads the messages between a program and its worker, trusting none of them.
///
/// A damaged file may have made the worker write anything, so each length is compared with what is
/// left before anything is allocated.
struct WireReader {
  private let bytes: [UInt8]
  private var position: Int

  init(_ bytes: [UInt8], from position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// The number of bytes that haven't been read.
  var remaining: Int { bytes.count - position }

  mutating func byte() throws(WireError) -> UInt8 {
    guard position < bytes.count else { throw WireError(reason: "the answer ends early") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func integer<I: FixedWidthInteger>(_: I.Type = I.self) throws(WireError) -> I {
    let size = I.bitWidth / 8
    guard size <= remaining else { throw WireError(reason: "the answer ends early") }
    var value: I = 0
    for index in (0..<size).reversed() {
      value = (I.bitWidth == 8 ? 0 : value << 8) | I(truncatingIfNeeded: bytes[position + index])
    }
    position += size
    return value
  }

  mutating func bool() throws(WireError) -> Bool {
    switch try byte() {
    case 0: false
    case 1: true
    case let other: throw WireError(reason: "\(other) is neither yes nor no")
    }
  }

  /// A count of elements that take at least `size` bytes each.
  private mutating func count(ofAtLeast size: Int) throws(WireError) -> Int {
    let claimed = try integer(UInt64.self)
    guard let count = Int(exactly: claimed), count <= remaining / size else {
      throw WireError(reason: "a list of \(claimed) elements doesn't fit the answer")
    }
    return count
  }

  mutating func byteArray() throws(WireError) -> [UInt8] {
    let count = try count(ofAtLeast: 1)
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  mutating func text() throws(WireError) -> String {
    String(decoding: try byteArray(), as: UTF8.self)
  }

  mutating func name() throws(WireError) -> TensorName {
    TensorName(bytes: try byteArray())
  }

  mutating func integers<I: FixedWidthInteger>(_: I.Type = I.self) throws(WireError) -> [I] {
    let count = try count(ofAtLeast: I.bitWidth / 8)
    var values: [I] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try integer()) }
    return values
  }

  /// The value that follows where there is one.
  mutating func optional<Value>(
    _ body: (inout WireReader) throws(WireError) -> Value
  ) throws(WireError) -> Value? {
    try bool() ? try body(&self) : nil
  }

  /// The elements of a list, each at least one byte long.
  mutating func list<Element>(
    _ body: (inout WireReader) throws(WireError) -> Element
  ) throws(WireError) -> [Element] {
    let count = try count(ofAtLeast: 1)
    var elements: [Element] = []
    for _ in 0..<count { elements.append(try body(&self)) }
    return elements
  }
}

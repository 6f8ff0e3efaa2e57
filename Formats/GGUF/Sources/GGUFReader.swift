import Checkpoints

/// Reads the head of a GGUF file front to back through a window, so that no count in it is believed
/// beyond the bytes that are there.
struct GGUFReader {
  /// What is wrong with a file.
  struct Fault: Error {
    let fact: String

    init(_ fact: String) {
      self.fact = fact
    }
  }

  private let file: InputFile
  /// The position behind what was read.
  private(set) var position: Int
  private var window: [UInt8] = []
  private var windowStart = 0
  private static let windowSize = 1 << 16
  /// Vocabularies are arrays of a few hundred thousand texts.
  private static let deepest = 4

  init(_ file: InputFile, at position: Int) {
    self.file = file
    self.position = position
  }

  mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
    guard count >= 0, count <= file.size - position else {
      throw Fault("truncated: the head needs more than the file's \(file.size) bytes")
    }
    if position + count > windowStart + window.count || position < windowStart {
      let length = max(count, min(Self.windowSize, file.size - position))
      guard let extent = Extent(offset: position, length: length),
        let bytes = try? file.bytes(extent)
      else { throw Fault("can't be read") }
      window = bytes
      windowStart = position
    }
    let start = position - windowStart
    position += count
    return Array(window[start..<start + count])
  }

  mutating func number(_ width: Int) throws(Fault) -> Int {
    let bits = try take(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: bits) else { throw Fault("has a count beyond all reason") }
    return number
  }

  mutating func text() throws(Fault) -> [UInt8] {
    try take(try number(8))
  }

  /// The value of a pair of metadata as text; nil for arrays, which are only passed over.
  mutating func value(_ type: Int, depth: Int = 0) throws(Fault) -> String? {
    switch type {
    case 0, 7: return "\(try take(1)[0])"
    case 1: return "\(Int8(bitPattern: try take(1)[0]))"
    case 2: return "\(try number(2))"
    case 3: return "\(Int16(truncatingIfNeeded: try number(2)))"
    case 4: return "\(try number(4))"
    case 5: return "\(Int32(truncatingIfNeeded: try number(4)))"
    case 6: return "\(Float(bitPattern: UInt32(truncatingIfNeeded: try number(4))))"
    case 8: return String(decoding: try text(), as: UTF8.self)
    case 10, 11, 12:
      let bits = try take(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return type == 10
        ? "\(bits)" : type == 11 ? "\(Int64(bitPattern: bits))" : "\(Double(bitPattern: bits))"
    case 9:
      guard depth < Self.deepest else { throw Fault("has arrays nested too deeply") }
      let element = try number(4)
      let count = try number(8)
      // Every element takes a byte or more, so a count beyond the file ends at the file's end.
      for _ in 0..<count { _ = try value(element, depth: depth + 1) }
      return nil
    default: throw Fault("has metadata of the unknown type \(type)")
    }
  }
}

/// Metadata to be written: numbers are little-endian, as all of HDF5's metadata is.
struct MetadataBytes {
  private(set) var bytes: [UInt8] = []

  /// The number of bytes so far.
  var count: Int { bytes.count }

  mutating func append(_ other: some Sequence<UInt8>) {
    bytes.append(contentsOf: other)
  }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { letters in unsafe bytes.append(contentsOf: letters) }
  }

  mutating func append<I: FixedWidthInteger>(_ value: I) {
    for shift in stride(from: 0, to: I.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  mutating func appendZeros(_ count: Int) {
    bytes.append(contentsOf: repeatElement(0, count: count))
  }

  /// Fills up to the next multiple of 8.
  mutating func align() {
    appendZeros((8 - bytes.count % 8) % 8)
  }

  /// Appends the checksum of everything so far.
  mutating func appendChecksum() {
    append(Lookup3.hash(bytes[...]))
  }
}

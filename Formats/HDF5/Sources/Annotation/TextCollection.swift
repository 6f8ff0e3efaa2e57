/// A global heap collection that holds texts of variable length.
///
/// Source: HDF5 File Format Specification 3.0, section III.E.
struct TextCollection {
  /// The bytes of the collection.
  let bytes: [UInt8]

  /// What is smaller isn't a collection (H5HG_MINSIZE).
  private static let smallest = 4096

  /// A collection of texts, the first of which gets index 1; empty texts have no object.
  init(_ texts: [[UInt8]]) throws(NotUnderstood) {
    // An index has 16 bits, and 0 is the free space.
    guard texts.count < 1 << 16 else { throw NotUnderstood("too many texts") }
    var objects = MetadataBytes()
    for (place, text) in texts.enumerated() where !text.isEmpty {
      objects.append(UInt16(place + 1))
      // Nobody counts references, nor does libhdf5.
      objects.append(UInt16(0))
      objects.append(UInt32(0))
      objects.append(UInt64(text.count))
      objects.append(text)
      objects.align()
    }
    let size = max(Self.smallest, 16 + objects.count)
    var collection = MetadataBytes()
    collection.append("GCOL")
    collection.append(UInt32(1))
    collection.append(UInt64(size))
    collection.append(objects.bytes)
    let free = size - collection.count
    if free >= 16 {
      collection.append(UInt64(0))
      collection.append(UInt64(free))
    }
    collection.appendZeros(size - collection.count)
    bytes = collection.bytes
  }
}

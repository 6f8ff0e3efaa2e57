/// The values of variable length of the whole file, in collections.
///
/// Source: HDF5 File Format Specification 3.0, section III.E.
final class GlobalHeap {
  private let file: MetadataFile
  /// The objects of the collections that were read, by address and index.
  private var collections: [UInt64: [Int: ByteWindow]] = [:]

  /// What is smaller isn't a collection (H5HG_MINSIZE).
  private static let smallest = 4096

  init(in file: MetadataFile) {
    self.file = file
  }

  /// Reads the text that an element of a variable-length type stands for.
  ///
  /// - Parameter element: Length, address of the collection, index.
  /// - Returns: The bytes before the first zero.
  /// - Throws: ``NotUnderstood``.
  func text(_ element: inout ByteWindow) throws(NotUnderstood) -> [UInt8] {
    let length = try element.length(4)
    let address = try element.u64()
    let index = try element.length(4)
    if address == 0, length == 0 { return [] }
    guard var object = try collection(at: address)[index], object.remaining == length else {
      throw NotUnderstood("no object \(index) of \(length) bytes in a heap")
    }
    try file.spend(length)
    return Array(try object.array(length).prefix { $0 != 0 })
  }

  private func collection(at address: UInt64) throws(NotUnderstood) -> [Int: ByteWindow] {
    if let known = collections[address] { return known }
    try file.claim(address)
    var head = try file.window(at: address, count: 16)
    try head.signature("GCOL")
    try head.constant(1)
    try head.skip(3)
    let size = try head.length()
    guard size >= Self.smallest else { throw NotUnderstood("a heap of \(size) bytes") }
    var window = try file.window(at: address, count: size)
    try window.skip(16)
    var objects: [Int: ByteWindow] = [:]
    // Less than an object's head at the end is free.
    while window.remaining >= 16 {
      let left = window.remaining
      let index = try window.u16()
      try window.skip(6)
      let length = try window.length()
      if index == 0 {
        // The free space, its head included, is all that is left.
        guard length == left else { throw NotUnderstood("free space in the midst of a heap") }
        break
      }
      guard length <= window.remaining else { throw NotUnderstood("an object beyond its heap") }
      let object = try window.take(length)
      try window.skip(min((8 - length % 8) % 8, window.remaining))
      guard objects.updateValue(object, forKey: index) == nil else {
        throw NotUnderstood("two objects of one index")
      }
    }
    collections[address] = objects
    return objects
  }
}

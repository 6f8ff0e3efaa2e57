import Checkpoints

/// All attributes of an object, in the order in which libhdf5 iterates them.
///
/// In a header that is the order of the messages; in a heap the order of the index by name, which
/// is by the names' hashes.
struct AttributeList {
  let file: MetadataFile
  let heap: GlobalHeap
  let types: CommittedTypes

  func attributes(of header: ObjectHeader) throws(NotUnderstood) -> [HDF5Attribute] {
    var found: [HDF5Attribute] = []
    for message in header.all(.attribute) {
      found.append(try AttributeMessage(message.body, types).attribute(heap))
    }
    if let info = try header.only(.attributeInfo) {
      let dense = try dense(info.body)
      guard found.isEmpty || dense.isEmpty else { throw NotUnderstood("attributes in two places") }
      found += dense
    }
    guard found.count > 1 else { return found }
    var names: Set<TensorName> = []
    for attribute in found where !names.insert(attribute.name).inserted {
      throw NotUnderstood("two attributes of one name")
    }
    return found
  }

  /// Reads the attributes that lie in a heap (section IV.A.2.v).
  private func dense(_ body: ByteWindow) throws(NotUnderstood) -> [HDF5Attribute] {
    var body = body
    try body.constant(0)
    let flags = try body.byte()
    guard flags & ~0b11 == 0 else { throw NotUnderstood("attributes' flags \(flags)") }
    if flags & 0b01 != 0 { try body.skip(2) }
    guard let heapAddress = try body.address() else { return [] }
    guard let index = try body.address() else { throw NotUnderstood("no index of attributes") }
    let objects = try FractalHeap(at: heapAddress, in: file)
    let tree = try BTree2(at: index, type: 8, recordSize: objects.idSize + 9, in: file)
    var found: [HDF5Attribute] = []
    for var record in try tree.records() {
      let object = try objects.object(&record)
      // The flags say whether the attribute is shared with other objects.
      try record.constant(0)
      found.append(try AttributeMessage(object, types).attribute(heap))
    }
    return found
  }
}

import Checkpoints

/// One attribute: name, type, shape and value in one piece.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.m.
struct AttributeMessage {
  let name: TensorName
  private let type: DatatypeMessage
  private let space: DataspaceMessage
  private let data: ByteWindow

  init(_ body: ByteWindow, _ types: CommittedTypes) throws(NotUnderstood) {
    var body = body
    let version = try body.byte()
    guard (1...3).contains(version) else { throw NotUnderstood("an attribute's version") }
    // Bit 0: the type is committed; bit 1, a shared space, was never written.
    let flags = try body.byte()
    guard flags & ~1 == 0 else { throw NotUnderstood("an attribute's flags") }
    let nameSize = try body.u16()
    let typeSize = try body.u16()
    let spaceSize = try body.u16()
    if version == 3, try body.byte() > 1 { throw NotUnderstood("an attribute's letters") }
    // Version 1 aligns each part to 8 bytes.
    func padding(_ size: Int) -> Int { version == 1 ? (8 - size % 8) % 8 : 0 }
    var field = try body.take(nameSize)
    name = TensorName(bytes: try field.terminated())
    guard field.remaining == 0, !name.bytes.isEmpty else { throw NotUnderstood("a name") }
    try body.skip(padding(nameSize))
    type = try types.type(of: try body.take(typeSize), isShared: flags == 1)
    try body.skip(padding(typeSize))
    space = try DataspaceMessage(try body.take(spaceSize))
    try body.skip(padding(spaceSize))
    data = body
  }

  /// The attribute as the worker would report it.
  func attribute(_ heap: GlobalHeap) throws(NotUnderstood) -> HDF5Attribute {
    HDF5Attribute(
      name: name, type: type.type, shape: space.shape?.map { Int(clamping: $0) },
      value: try value(heap))
  }

  private func value(_ heap: GlobalHeap) throws(NotUnderstood) -> HDF5Attribute.Value {
    let count = try space.elementCount()
    guard count > 0 else { return type.text != nil ? .strings([]) : .raw([]) }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.storedSize)
    var data = data
    guard !overflow, size <= data.remaining else { throw NotUnderstood("an attribute's value") }
    // Beyond the limit the worker doesn't read either; a message is never that long.
    guard size <= HDF5Attribute.byteLimit else { throw NotUnderstood("a long attribute") }
    switch type.text {
    case .variable: return try texts(count, data, heap)
    case .fixed(let padding):
      var texts: [[UInt8]] = []
      texts.reserveCapacity(count)
      for _ in 0..<count {
        texts.append(FixedText.trimmed(try data.array(type.storedSize)[...], padding))
      }
      return .strings(texts)
    case nil:
      if type.holdsSequences || type.holdsTexts {
        return .unread(type.type.problem ?? "holds sequences of variable length")
      }
      return .raw(try data.array(size))
    }
  }

  private func texts(
    _ count: Int, _ data: ByteWindow, _ heap: GlobalHeap
  ) throws(NotUnderstood) -> HDF5Attribute.Value {
    var data = data
    var texts: [[UInt8]] = []
    texts.reserveCapacity(count)
    var total = 0
    for _ in 0..<count {
      let text = try heap.text(&data)
      total += text.count
      guard total <= HDF5Attribute.byteLimit else { throw NotUnderstood("a long attribute") }
      texts.append(text)
    }
    return .strings(texts)
  }
}

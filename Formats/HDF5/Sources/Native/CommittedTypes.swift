/// Types that stand in the file under a name of their own, shared by data sets and attributes.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A ("Shared Message").
final class CommittedTypes {
  private let file: MetadataFile
  private var known: [UInt64: DatatypeMessage] = [:]

  init(in file: MetadataFile) {
    self.file = file
  }

  /// The type that a message holds or refers to.
  func type(of body: ByteWindow, isShared: Bool) throws(NotUnderstood) -> DatatypeMessage {
    guard isShared else { return try DatatypeMessage(body) }
    var body = body
    switch try body.byte() {
    // Before version 3 the next byte has no meaning.
    case 1: try body.skip(7)
    case 2: try body.skip(1)
    case 3: try body.constant(2)
    case let version: throw NotUnderstood("a shared message of version \(version)")
    }
    let address = try body.u64()
    if let type = known[address] { return type }
    let header = try ObjectHeader(at: address, in: file)
    guard let message = try header.only(.datatype), !message.isShared,
      !header.has(.dataspace), !header.has(.layout)
    else { throw NotUnderstood("a reference to a type leads elsewhere") }
    let type = try DatatypeMessage(message.body)
    known[address] = type
    return type
  }
}

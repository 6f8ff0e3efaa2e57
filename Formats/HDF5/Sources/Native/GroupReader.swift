/// The links of one group, in the order in which libhdf5 lists them.
struct GroupReader {
  let superblock: NativeSuperblock
  private var file: MetadataFile { superblock.file }

  init(superblock: NativeSuperblock) {
    self.superblock = superblock
  }

  /// Whether a header is a group's, by the messages that only groups have.
  static func isGroup(_ header: ObjectHeader) -> Bool {
    header.has(.symbolTable) || header.has(.linkInfo)
  }

  /// Reads a group's links.
  ///
  /// - Parameter header: The group's header.
  /// - Returns: Whether the group tracks the order of creation, and the links: in that order where
  ///   it does, else by the bytes of their names.
  /// - Throws: ``NotUnderstood``.
  func links(
    of header: ObjectHeader
  ) throws(NotUnderstood) -> (tracksCreationOrder: Bool, links: [NativeLink]) {
    try Self.checkGroupInfo(header)
    guard !header.has(.filters) else { throw NotUnderstood("a group with filters") }
    let table = try header.only(.symbolTable)
    let info = try header.only(.linkInfo)
    if let table {
      guard info == nil, !header.has(.link) else {
        throw NotUnderstood("a group of two kinds")
      }
      return (false, try SymbolTable(table.body).links(superblock))
    }
    guard
      let info = try info.map({ message throws(NotUnderstood) in
        try LinkInfoMessage(message.body)
      })
    else { throw NotUnderstood("no group") }
    let messages =
      if let heap = info.heap { try dense(info, heap, header) } else { try compact(header) }
    return (info.tracksCreationOrder, try Self.ordered(messages, info.tracksCreationOrder))
  }

  /// libhdf5 decodes this message although a survey doesn't need it (section IV.A.2.k).
  private static func checkGroupInfo(_ header: ObjectHeader) throws(NotUnderstood) {
    guard var body = try header.only(.groupInfo)?.body else { return }
    try body.constant(0)
    let flags = try body.byte()
    guard flags & ~0b11 == 0 else { throw NotUnderstood("a group's flags \(flags)") }
    try body.skip((flags & 0b01 != 0 ? 4 : 0) + (flags & 0b10 != 0 ? 4 : 0))
  }

  private func compact(_ header: ObjectHeader) throws(NotUnderstood) -> [LinkMessage] {
    var links: [LinkMessage] = []
    for message in header.all(.link) {
      links.append(try LinkMessage(message.body))
    }
    return links
  }

  private func dense(
    _ info: LinkInfoMessage, _ heapAddress: UInt64, _ header: ObjectHeader
  ) throws(NotUnderstood) -> [LinkMessage] {
    guard !header.has(.link) else { throw NotUnderstood("links in two places") }
    let heap = try FractalHeap(at: heapAddress, in: file)
    // The index that libhdf5 would use: by creation where it exists.
    let byCreation = info.tracksCreationOrder && info.creation != nil
    guard let names = info.names else { throw NotUnderstood("no index of links") }
    let index = byCreation ? info.creation ?? names : names
    let type: UInt8 = byCreation ? 6 : 5
    let keySize = byCreation ? 8 : 4
    let tree = try BTree2(at: index, type: type, recordSize: keySize + heap.idSize, in: file)
    var links: [LinkMessage] = []
    for var record in try tree.records() {
      try record.skip(keySize)
      links.append(try LinkMessage(try heap.object(&record)))
    }
    if byCreation {
      // libhdf5 finds the targets of soft links by name.
      let others = try BTree2(at: names, type: 5, recordSize: 4 + heap.idSize, in: file).records()
      guard others.count == links.count else { throw NotUnderstood("two indexes differ") }
    }
    return links
  }

  private static func ordered(
    _ links: [LinkMessage], _ byCreation: Bool
  ) throws(NotUnderstood) -> [NativeLink] {
    if byCreation {
      var numbered: [(order: UInt64, link: NativeLink)] = []
      for link in links {
        guard let order = link.creationOrder else { throw NotUnderstood("a link without order") }
        numbered.append((order, link.link))
      }
      numbered.sort { $0.order < $1.order }
      for (left, right) in zip(numbered, numbered.dropFirst()) where left.order == right.order {
        throw NotUnderstood("two links made at once")
      }
      return numbered.map(\.link)
    }
    let sorted = links.map(\.link).sorted { $0.name.lexicographicallyPrecedes($1.name) }
    for (left, right) in zip(sorted, sorted.dropFirst()) where left.name == right.name {
      throw NotUnderstood("two links of one name")
    }
    return sorted
  }
}

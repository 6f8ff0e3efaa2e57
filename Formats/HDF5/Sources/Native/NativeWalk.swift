import Checkpoints

/// Walks a file's objects as ``TreeWalk`` does with libhdf5, in the same order.
struct NativeWalk {
  private let superblock: NativeSuperblock
  private let attributes: AttributeList
  private let groups: GroupReader
  private let datasets: DatasetParser
  private var builder: TreeBuilder
  private var visited = AddressSet()
  private var pending: [Link] = []
  private var links = 0

  private struct Link {
    let path: [UInt8]
    let address: UInt64
  }

  init(_ superblock: NativeSuperblock, builder: TreeBuilder) {
    self.superblock = superblock
    self.builder = builder
    let types = CommittedTypes(in: superblock.file)
    attributes = AttributeList(
      file: superblock.file, heap: GlobalHeap(in: superblock.file), types: types)
    groups = GroupReader(superblock: superblock)
    datasets = DatasetParser(superblock: superblock, types: types)
  }

  /// Reports everything to the builder, which checks it as it checks a worker's answer.
  mutating func run() throws(NotUnderstood) -> TreeBuilder {
    try report(.file(userBlockSize: superblock.userBlockSize))
    pending = [Link(path: [], address: superblock.rootAddress)]
    while let link = pending.popLast() { try visit(link) }
    return builder
  }

  private mutating func report(_ record: SurveyRecord) throws(NotUnderstood) {
    do throws(SurveyFault) {
      try builder.add(record)
    } catch {
      throw NotUnderstood(error.fact)
    }
  }

  private mutating func visit(_ link: Link) throws(NotUnderstood) {
    let path = TensorName(bytes: link.path)
    try superblock.file.spend(link.path.count)
    guard visited.insert(link.address) else {
      return try report(.alias(path: path, address: link.address))
    }
    let header = try ObjectHeader(at: link.address, in: superblock.file)
    let isDataset = header.has(.layout)
    let isType = header.has(.datatype)
    if GroupReader.isGroup(header) {
      guard !isDataset, !isType, !header.has(.dataspace) else {
        throw NotUnderstood("a group and more")
      }
      try visit(group: header, at: link, path)
    } else if isDataset {
      try report(
        .dataset(
          try datasets.record(
            of: header, at: link.address, path, attributes: try attributes.attributes(of: header))))
    } else if isType, !header.has(.dataspace) {
      guard let type = try header.only(.datatype), !type.isShared else {
        throw NotUnderstood("a committed type elsewhere")
      }
      _ = try DatatypeMessage(type.body)
      try report(.namedType(path: path, address: link.address))
    } else {
      throw NotUnderstood("neither a group nor a data set nor a type")
    }
  }

  private mutating func visit(
    group header: ObjectHeader, at link: Link, _ path: TensorName
  ) throws(NotUnderstood) {
    if path.bytes.isEmpty { try checkRoot(header) }
    let (tracksOrder, found) = try groups.links(of: header)
    try report(
      .group(
        GroupRecord(
          path: path, address: link.address, tracksCreationOrder: tracksOrder,
          attributes: try attributes.attributes(of: header))))
    links += found.count
    guard links <= TreeWalk.linkLimit else { throw NotUnderstood("too many links") }
    let prefix = link.path.isEmpty ? [] : link.path + [UInt8(ascii: "/")]
    guard prefix.count < TreeWalk.pathLimit else { throw NotUnderstood("it lies too deep") }
    for link in found {
      if case .soft(let target) = link.target {
        let path = TensorName(bytes: prefix + link.name)
        try report(.softLink(path: path, target: TensorName(bytes: target)))
      }
    }
    for link in found.reversed() {
      if case .hard(let address) = link.target {
        pending.append(Link(path: prefix + link.name, address: address))
      }
    }
  }

  /// The superblock repeats where the root's links are, also when the root has become a group of
  /// the newer kind; libhdf5 decides which of two tables is right.
  private func checkRoot(_ header: ObjectHeader) throws(NotUnderstood) {
    guard let cached = superblock.cachedSymbolTable else { return }
    guard let message = try header.only(.symbolTable) else { return }
    let table = try SymbolTable(message.body)
    guard table.tree == cached.tree, table.heap == cached.heap else {
      throw NotUnderstood("another root")
    }
  }
}

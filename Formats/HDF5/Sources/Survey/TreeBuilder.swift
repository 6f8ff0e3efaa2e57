import Checkpoints

/// Puts the records of a survey together as a tree, in the program's own process.
///
/// Nothing that a worker says is believed: the file may have led it astray. The native survey's
/// records come the same way.
struct TreeBuilder {
  private let size: Int
  private var userBlockSize = 0
  private var groups: [GroupRecord] = []
  private var datasets: [DatasetRecord] = []
  private var namedTypes: [(path: TensorName, address: UInt64)] = []
  private var softLinks: [HDF5SoftLink] = []
  private var aliases: [UInt64: [TensorName]] = [:]
  private var addresses = AddressSet()

  /// Decodes and checks an answer.
  ///
  /// - Parameters:
  ///   - answer: What the worker wrote.
  ///   - size: The file's size, within which every range must lie.
  ///   - superblockVersion: The version that the program read itself.
  /// - Returns: The tree.
  /// - Throws: ``SurveyFault`` where the worker reports a failure or makes no sense.
  static func tree(
    from answer: [UInt8], size: Int, superblockVersion: Int
  ) throws(SurveyFault) -> HDF5Tree {
    var builder = TreeBuilder(size: size)
    var wire = WireReader(answer)
    while true {
      let record: SurveyRecord
      do throws(WireError) {
        record = try SurveyRecord(from: &wire)
      } catch {
        throw nonsense(error.reason)
      }
      if case .end = record { break }
      try builder.add(record)
    }
    guard wire.remaining == 0 else { throw nonsense("it has a tail") }
    return try builder.tree(superblockVersion: superblockVersion)
  }

  /// An empty builder for a file of a size.
  init(size: Int) {
    self.size = size
  }

  private static func nonsense(_ reason: String) -> SurveyFault {
    SurveyFault(fact: "damaged: the HDF5 library's answer makes no sense (\(reason))")
  }

  /// Takes a record; they come in the order in which ``TreeWalk`` finds them.
  mutating func add(_ record: SurveyRecord) throws(SurveyFault) {
    switch record {
    case .failure(let fact, let remedy): throw SurveyFault(fact: fact, remedy: remedy)
    case .file(let bytes):
      guard let bytes = Int(exactly: bytes), bytes <= size else {
        throw Self.nonsense("a user block of \(bytes) bytes")
      }
      userBlockSize = bytes
    case .group(let group):
      guard groups.isEmpty == group.path.bytes.isEmpty else {
        throw Self.nonsense("the root group isn't the first")
      }
      try claim(group.address)
      groups.append(group)
    case .dataset(let dataset):
      try claim(dataset.address)
      datasets.append(dataset)
    case .namedType(let path, let address):
      try claim(address)
      namedTypes.append((path, address))
    case .softLink(let path, let target):
      softLinks.append(HDF5SoftLink(path: path, target: target))
    case .alias(let path, let address):
      guard addresses.contains(address) else { throw Self.nonsense("an alias of nothing") }
      aliases[address, default: []].append(path)
    case .end: break
    }
  }

  private mutating func claim(_ address: UInt64) throws(SurveyFault) {
    guard addresses.insert(address) else {
      throw Self.nonsense("two objects at address \(address)")
    }
  }

  /// Checks everything that was found and makes the tree.
  func tree(superblockVersion: Int) throws(SurveyFault) -> HDF5Tree {
    guard !groups.isEmpty else { throw Self.nonsense("there is no root group") }
    let paths = AliasPaths(
      groups.map { (path: $0.path, aliases: aliases[$0.address] ?? []) })
    var checked: [HDF5Dataset] = []
    checked.reserveCapacity(datasets.count)
    for record in datasets {
      checked.append(
        try HDF5Dataset(
          checking: record, aliases: paths.others(of: record.path, aliases[record.address] ?? []),
          fileSize: size))
    }
    try OverlapCheck.run(checked)
    return HDF5Tree(
      userBlockSize: userBlockSize, superblockVersion: superblockVersion,
      groups: groups.map {
        HDF5Group(
          path: $0.path, aliases: aliases[$0.address] ?? [],
          tracksCreationOrder: $0.tracksCreationOrder, attributes: $0.attributes)
      },
      datasets: checked, softLinks: softLinks,
      namedTypes: namedTypes.map {
        HDF5NamedType(path: $0.path, aliases: aliases[$0.address] ?? [])
      })
  }
}

import Checkpoints

extension SurveyRecord {
  private enum Code: UInt8 {
    case file = 1
    case group, dataset, namedType, softLink, alias, failure, end
  }

  func write(to wire: inout WireWriter) {
    func begin(_ code: Code) { wire.write(code.rawValue) }
    switch self {
    case .file(let userBlockSize):
      begin(.file)
      wire.write(userBlockSize)
    case .group(let group):
      begin(.group)
      wire.write(group.path)
      wire.write(group.address)
      wire.write(group.tracksCreationOrder)
      wire.write(list: group.attributes) { $1.write(to: &$0) }
    case .dataset(let dataset):
      begin(.dataset)
      dataset.write(to: &wire)
    case .namedType(let path, let address):
      begin(.namedType)
      wire.write(path)
      wire.write(address)
    case .softLink(let path, let target):
      begin(.softLink)
      wire.write(path)
      wire.write(target)
    case .alias(let path, let address):
      begin(.alias)
      wire.write(path)
      wire.write(address)
    case .failure(let fact, let remedy):
      begin(.failure)
      wire.write(fact)
      wire.write(optional: remedy) { $0.write($1) }
    case .end(let count):
      begin(.end)
      wire.write(count)
    }
  }

  init(from wire: inout WireReader) throws(WireError) {
    let code = try wire.byte()
    switch Code(rawValue: code) {
    case .file: self = .file(userBlockSize: try wire.integer())
    case .group:
      self = .group(
        GroupRecord(
          path: try wire.name(), address: try wire.integer(),
          tracksCreationOrder: try wire.bool(), attributes: try wire.objectAttributes()))
    case .dataset: self = .dataset(try DatasetRecord(from: &wire))
    case .namedType: self = .namedType(path: try wire.name(), address: try wire.integer())
    case .softLink: self = .softLink(path: try wire.name(), target: try wire.name())
    case .alias: self = .alias(path: try wire.name(), address: try wire.integer())
    case .failure:
      self = .failure(
        fact: try wire.text(),
        remedy: try wire.optional { wire throws(WireError) in try wire.text() })
    case .end: self = .end(count: try wire.integer())
    case nil: throw WireError(reason: "an unknown record \(code)")
    }
  }
}

extension DatasetRecord {
  private static let unwrittenCode: UInt8 = 0
  private static let contiguousCode: UInt8 = 1
  private static let compactCode: UInt8 = 2
  private static let chunkedCode: UInt8 = 3

  func write(to wire: inout WireWriter) {
    wire.write(path)
    wire.write(address)
    type.write(to: &wire)
    wire.write(optional: shape) { $0.write(integers: $1) }
    wire.write(list: attributes) { $1.write(to: &$0) }
    wire.write(fillElement)
    switch storage {
    case .contiguous(nil, _): wire.write(Self.unwrittenCode)
    case .contiguous(let address?, let byteCount):
      wire.write(Self.contiguousCode)
      wire.write(address)
      wire.write(byteCount)
    case .compact(let bytes):
      wire.write(Self.compactCode)
      wire.write(bytes)
    case .chunked(let shape, let filters, let chunks):
      wire.write(Self.chunkedCode)
      wire.write(integers: shape)
      wire.write(list: filters) {
        $0.write(UInt64($1.id))
        $0.write(integers: $1.parameters)
      }
      wire.write(list: chunks) {
        $0.write($1.index)
        $0.write($1.address)
        $0.write($1.byteCount)
        $0.write($1.filterMask)
      }
    }
  }

  init(from wire: inout WireReader) throws(WireError) {
    path = try wire.name()
    address = try wire.integer()
    type = try HDF5Type(from: &wire)
    shape = try wire.optional { wire throws(WireError) in try wire.integers(UInt64.self) }
    attributes = try wire.objectAttributes()
    fillElement = try wire.byteArray()
    switch try wire.byte() {
    case Self.unwrittenCode: storage = .contiguous(address: nil, byteCount: 0)
    case Self.contiguousCode:
      storage = .contiguous(address: try wire.integer(UInt64.self), byteCount: try wire.integer())
    case Self.compactCode: storage = .compact(try wire.byteArray())
    case Self.chunkedCode:
      storage = .chunked(
        shape: try wire.integers(), filters: try wire.list(HDF5Filter.init(from:)),
        chunks: try wire.list(ChunkRecord.init(from:)))
    case let code: throw WireError(reason: "an unknown storage \(code)")
    }
  }
}

extension HDF5Filter {
  fileprivate init(from wire: inout WireReader) throws(WireError) {
    let claimed = try wire.integer(UInt64.self)
    guard let id = Int(exactly: claimed) else { throw WireError(reason: "filter \(claimed)") }
    self.init(id: id, parameters: try wire.integers())
  }
}

extension ChunkRecord {
  fileprivate init(from wire: inout WireReader) throws(WireError) {
    index = try wire.integer()
    address = try wire.integer()
    byteCount = try wire.integer()
    filterMask = try wire.integer()
  }
}

extension WireReader {
  fileprivate mutating func objectAttributes() throws(WireError) -> [HDF5Attribute] {
    try list(HDF5Attribute.init(from:))
  }
}

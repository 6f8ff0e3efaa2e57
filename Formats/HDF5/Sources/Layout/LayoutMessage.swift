import Checkpoints

/// A layout request as it goes to the worker: data sets named by their address in the template.
struct LayoutMessage {
  /// One replaced data set.
  struct Entry {
    let address: UInt64
    let elementType: ElementType
    let storage: HDF5Layout.Replacement.Storage
  }

  let userBlockSize: UInt64
  let superblockVersion: UInt8
  let entries: [Entry]
  let dropped: [TensorName]
  let attributes: [Checkpoint.Attribute]

  init(_ request: HDF5Layout.Request, tree: HDF5Tree) {
    userBlockSize = UInt64(tree.userBlockSize)
    superblockVersion = UInt8(clamping: tree.superblockVersion)
    entries = request.replacements.map { index, replacement in
      Entry(
        address: tree.datasets[index].address, elementType: replacement.elementType,
        storage: replacement.storage)
    }
    dropped = request.dropped
    attributes = request.attributes
  }

  private static let contiguousCode: UInt8 = 10
  private static let keepCode: UInt8 = 11

  func write(to wire: inout WireWriter) {
    wire.write(userBlockSize)
    wire.write(superblockVersion)
    wire.write(list: entries) { wire, entry in
      wire.write(entry.address)
      HDF5Type(element: entry.elementType, size: entry.elementType.byteCount ?? 1).write(to: &wire)
      switch entry.storage {
      case .contiguous: wire.write(Self.contiguousCode)
      case .keep: wire.write(Self.keepCode)
      case .gzip(let level): wire.write(UInt8(clamping: min(max(level, 1), 9)))
      }
    }
    wire.write(list: dropped) { $0.write($1) }
    wire.write(attributes: attributes)
  }

  init(from wire: inout WireReader) throws(WireError) {
    userBlockSize = try wire.integer()
    superblockVersion = try wire.byte()
    entries = try wire.list { wire throws(WireError) in
      let address = try wire.integer(UInt64.self)
      let type = try HDF5Type(from: &wire)
      let storage: HDF5Layout.Replacement.Storage =
        switch try wire.byte() {
        case Self.contiguousCode: .contiguous
        case Self.keepCode: .keep
        case let level: .gzip(level: Int(level))
        }
      return Entry(address: address, elementType: type.element, storage: storage)
    }
    dropped = try wire.list { wire throws(WireError) in try wire.name() }
    attributes = try wire.attributes()
  }
}

extension WireWriter {
  mutating func write(attributes: [Checkpoint.Attribute]) {
    write(list: attributes) {
      $0.write($1.name)
      $0.write($1.value)
    }
  }
}

extension WireReader {
  mutating func attributes() throws(WireError) -> [Checkpoint.Attribute] {
    try list { wire throws(WireError) in
      Checkpoint.Attribute(name: try wire.text(), value: try wire.text())
    }
  }
}

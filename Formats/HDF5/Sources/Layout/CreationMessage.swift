import Checkpoints

/// A new file as it is described to the worker.
struct CreationMessage {
  /// A data set.
  struct Entry {
    let name: TensorName
    let aliases: [TensorName]
    let shape: [UInt64]
    let elementType: ElementType
  }

  let entries: [Entry]
  /// Parents before what lies in them.
  let groups: [NewHDF5Group]
  let attributes: [Checkpoint.Attribute]

  init(tensors: [NewTensor], groups: [NewHDF5Group], attributes: [Checkpoint.Attribute]) {
    entries = tensors.map {
      Entry(
        name: $0.name, aliases: $0.aliases, shape: $0.shape.map { UInt64($0) },
        elementType: $0.elementType)
    }
    self.groups = groups.sorted { $0.path < $1.path }
    self.attributes = attributes
  }

  func write(to wire: inout WireWriter) {
    wire.write(list: entries) { wire, entry in
      wire.write(entry.name)
      wire.write(list: entry.aliases) { $0.write($1) }
      wire.write(integers: entry.shape)
      HDF5Type(element: entry.elementType, size: entry.elementType.byteCount ?? 1).write(to: &wire)
    }
    wire.write(list: groups) { wire, group in
      wire.write(group.path)
      wire.write(attributes: group.attributes)
    }
    wire.write(attributes: attributes)
  }

  init(from wire: inout WireReader) throws(WireError) {
    entries = try wire.list { wire throws(WireError) in
      Entry(
        name: try wire.name(), aliases: try wire.list { wire throws(WireError) in try wire.name() },
        shape: try wire.integers(),
        elementType: try HDF5Type(from: &wire).element)
    }
    groups = try wire.list { wire throws(WireError) in
      NewHDF5Group(try wire.name(), attributes: try wire.attributes())
    }
    attributes = try wire.attributes()
  }
}

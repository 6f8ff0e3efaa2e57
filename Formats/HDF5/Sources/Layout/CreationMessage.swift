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
  let attributes: [Checkpoint.Attribute]

  init(tensors: [NewTensor], attributes: [Checkpoint.Attribute]) {
    entries = tensors.map {
      Entry(
        name: $0.name, aliases: $0.aliases, shape: $0.shape.map { UInt64($0) },
        elementType: $0.elementType)
    }
    self.attributes = attributes
  }

  func write(to wire: inout WireWriter) {
    wire.write(list: entries) { wire, entry in
      wire.write(entry.name)
      wire.write(list: entry.aliases) { $0.write($1) }
      wire.write(integers: entry.shape)
      HDF5Type(element: entry.elementType, size: entry.elementType.byteCount ?? 1).write(to: &wire)
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
    attributes = try wire.attributes()
  }
}

import Checkpoints

/// A request for a new file as it goes to the worker.
struct CreationMessage {
  let arrays: [NewArray]
  let attributes: [Checkpoint.Attribute]

  init(arrays: [NewArray], attributes: [Checkpoint.Attribute]) {
    self.arrays = arrays
    self.attributes = attributes
  }

  func write(to wire: inout WireWriter) {
    wire.write(list: arrays) { wire, array in
      wire.write(array.name)
      HDF5Type(element: array.elementType, size: array.elementType.byteCount ?? 1).write(to: &wire)
      wire.write(integers: array.shape)
    }
    wire.write(attributes: attributes)
  }

  init(from wire: inout WireReader) throws(WireError) {
    arrays = try wire.list { wire throws(WireError) in
      let name = try wire.name()
      let type = try HDF5Type(from: &wire)
      let shape = try wire.integers(Int.self)
      guard let array = NewArray(name: name, shape: shape, elementType: type.element) else {
        throw WireError(reason: "array \(name) has an impossible shape")
      }
      return array
    }
    attributes = try wire.attributes()
  }
}

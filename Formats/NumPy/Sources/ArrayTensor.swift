import Checkpoints

/// An array's tensor, wherever its elements come from.
enum ArrayTensor {
  /// Describes an array.
  ///
  /// - Parameters:
  ///   - name: The tensor's name.
  ///   - header: The array's header.
  ///   - data: Where the elements lie, in C order.
  /// - Returns: The tensor; nil where its size overflows.
  static func make(_ name: TensorName, _ header: ArrayHeader, data: Extent) -> Tensor? {
    let element = header.type.element
    let storage: Storage =
      if header.type.isObject {
        .unsupported("holds pickled Python objects, which are never read because they can run code")
      } else if element == .string {
        .unsupported("holds text, which isn't read")
      } else {
        .contiguous(data)
      }
    let verdict = RoleConventions.verdict(name, type: element)
    return Tensor(
      name: name, shape: header.shape, elementType: element, byteOrder: header.type.order,
      role: verdict.role, isVariance: verdict.isVariance, storage: storage)
  }

  /// A source that gives an array's elements in C order.
  static func reordered(
    _ header: ArrayHeader, in file: InputFile, at offset: Int, spool: Spool
  ) -> SpoolRange {
    spool.range(length: header.dataSize) { (range) throws(CheckpointError) in
      try FortranOrder.reorder(
        shape: header.shape, elementSize: header.type.size,
        read: { (place, bytes) throws(CheckpointError) in
          try file.read(at: offset + place, into: &bytes)
        },
        write: { (bytes, place) throws(CheckpointError) in
          try range.write(bytes, at: place)
        })
    }
  }
}

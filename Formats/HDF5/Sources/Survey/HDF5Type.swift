package import Checkpoints

/// The type of the elements of a data set or of an attribute.
package struct HDF5Type: Hashable, Sendable {
  /// The type in our vocabulary; opaque where HDF5's has no place there.
  package let element: ElementType
  /// The order of an element's bytes.
  package let byteOrder: ByteOrder
  /// The size of one element in the file, in bytes.
  package let size: Int
  /// Why the values can't be read as `element`, worded to follow "tensor T: "; nil where they can.
  package let problem: String?
  /// Whether elements hold addresses of other objects, which go stale when a file is written anew.
  package let holdsReferences: Bool

  package init(
    element: ElementType, byteOrder: ByteOrder = .little, size: Int, problem: String? = nil,
    holdsReferences: Bool = false
  ) {
    self.element = element
    self.byteOrder = byteOrder
    self.size = size
    self.problem = problem
    self.holdsReferences = holdsReferences
  }

  /// The type with what a data set's `dtype` attribute says about opaque elements.
  ///
  /// HDF5 1.x has no bfloat16 and no 8-bit float. Keras stores them as opaque bytes and names them in
  /// that attribute; without it opaque stays opaque.
  func named(by attributes: [HDF5Attribute]) -> HDF5Type {
    guard case .opaque(let size) = element, problem == nil,
      let attribute = attributes.first(where: { $0.name == TensorName("dtype") }),
      let name = attribute.text
    else { return self }
    let element: ElementType? =
      switch (size, name) {
      case (2, "bfloat16"): .bfloat16
      case (1, "float8_e4m3fn"): .float8E4M3
      case (1, "float8_e5m2"): .float8E5M2
      default: nil
      }
    return element.map { HDF5Type(element: $0, size: size) } ?? self
  }
}

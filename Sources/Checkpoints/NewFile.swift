/// An array of a file that is made from nothing.
public struct NewArray: Hashable, Sendable {
  /// Its name; slashes make groups where the format has them.
  public let name: TensorName
  /// The number of elements along each axis.
  public let shape: [Int]
  /// The type of the elements, stored little-endian.
  public let elementType: ElementType
  /// The size of the values in bytes.
  public let byteCount: Int

  /// An array, or nil where its size in bytes overflows or elements have no fixed size.
  public init?(name: TensorName, shape: [Int], elementType: ElementType) {
    guard let size = elementType.byteCount, let bytes = checkedProduct(shape + [size]),
      checkedProduct(shape) != nil
    else { return nil }
    self.name = name
    self.shape = shape
    self.elementType = elementType
    byteCount = bytes
  }
}

/// The layout of a file of new arrays: everything is there but their values.
public protocol NewFileLayout: Sendable {
  /// Makes everything but the values.
  ///
  /// - Parameter output: The empty output.
  /// - Returns: For each array, in their order, the range of the output for its values in C order.
  /// - Throws: ``CheckpointError`` of kind `output` where the disk is full, among others.
  func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent]

  /// Completes the output after the last value was written.
  ///
  /// - Parameter output: The output.
  /// - Throws: ``CheckpointError`` of kind `output`.
  func finish(_ output: StagedFile) throws(CheckpointError)
}

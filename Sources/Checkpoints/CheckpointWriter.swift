/// A tensor of a file that is to be made from nothing; its bytes will be little-endian.
public struct NewTensor: Sendable {
  /// The name.
  public let name: TensorName
  /// Further names of the same tensor.
  public let aliases: [TensorName]
  /// The number of elements along each axis.
  public let shape: [Int]
  /// The type of the elements.
  public let elementType: ElementType
  /// The size of the values in bytes.
  public let byteCount: Int

  /// A tensor, or nil where its elements have no fixed size or too many bytes.
  public init?(name: TensorName, aliases: [TensorName], shape: [Int], elementType: ElementType) {
    guard let size = elementType.byteCount, let bytes = checkedProduct(shape + [size]) else {
      return nil
    }
    self.name = name
    self.aliases = aliases
    self.shape = shape
    self.elementType = elementType
    byteCount = bytes
  }
}

/// A format's way to write a file of any tensors.
public protocol CheckpointWriter: Sendable {
  /// The format's name in messages.
  var name: String { get }
  /// Whether a tensor can have several names.
  var keepsTies: Bool { get }

  /// Decides how a file is laid out; touches no file.
  ///
  /// - Parameters:
  ///   - tensors: The tensors in their order.
  ///   - attributes: The metadata.
  ///   - file: The name that messages use.
  /// - Returns: The layout.
  /// - Throws: ``CheckpointError`` that names what the format can't express.
  func layout(
    _ tensors: [NewTensor], attributes: [Checkpoint.Attribute], file: String
  ) throws(CheckpointError) -> any NewFile
}

/// A file that is to be made from nothing, laid out.
public protocol NewFile: Sendable {
  /// The size in bytes, as far as it is known.
  var estimatedSize: Int { get }

  /// Makes everything but the values.
  ///
  /// - Parameter output: The empty output.
  /// - Returns: The range of each tensor's values.
  /// - Throws: ``CheckpointError`` of kind `output`.
  func prepare(_ output: StagedFile) throws(CheckpointError) -> [Extent]

  /// Completes the file after the last value was written.
  ///
  /// - Parameter output: The output.
  /// - Throws: ``CheckpointError`` of kind `output`.
  func finish(_ output: StagedFile) throws(CheckpointError)
}

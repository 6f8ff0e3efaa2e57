/// One named array of a checkpoint: what it is and where its values lie, not the values.
///
/// It never changes. It is a class because networks have tens of thousands: passing one on counts one
/// reference, not one for each of its parts.
public final class Tensor: Sendable {
  /// The path in the file without a leading slash, or the tensor's own name.
  public let name: TensorName
  /// Further names of the same stored tensor (tied weights).
  public let aliases: [TensorName]
  /// The number of elements along each axis; empty for a scalar.
  public let shape: [Int]
  /// The type of the elements.
  public let elementType: ElementType
  /// The order of the bytes of an element.
  public let byteOrder: ByteOrder
  /// What it is to its network.
  public let role: TensorRole
  /// Whether its values are variances, which can't be negative.
  public let isVariance: Bool
  /// The name of the layer that owns it, where the format tells.
  public let layer: String?
  /// Where the values lie.
  public let storage: Storage
  /// What the file notes beside the values: the attributes of an HDF5 data set.
  public let attributes: [Checkpoint.Attribute]
  /// The number of elements: the product of `shape`.
  public let elementCount: Int

  /// A tensor, or nil where its size in bytes overflows.
  public init?(
    name: TensorName, aliases: [TensorName] = [], shape: [Int], elementType: ElementType,
    byteOrder: ByteOrder = .little, role: TensorRole = .weight, isVariance: Bool = false,
    layer: String? = nil, storage: Storage, attributes: [Checkpoint.Attribute] = []
  ) {
    guard let count = checkedProduct(shape),
      checkedProduct([count, max(elementType.byteCount ?? 1, 1)]) != nil
    else { return nil }
    self.name = name
    self.aliases = aliases
    self.shape = shape
    self.elementType = elementType
    self.byteOrder = byteOrder
    self.role = role
    self.isVariance = isVariance
    self.layer = layer
    self.storage = storage
    self.attributes = attributes
    self.elementCount = count
  }

  /// The size of the values in bytes; 0 where elements have no fixed size.
  public var byteCount: Int { elementCount * (elementType.byteCount ?? 0) }

  /// The size of one element in bytes; 0 where elements have no fixed size.
  public var elementSize: Int { elementType.byteCount ?? 0 }

  /// The value of an attribute, or nil.
  public func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }

  /// Whether a merge averages it: a weight or a statistic made of real numbers.
  public var isMergeable: Bool {
    (role == .weight || role == .statistic) && elementType.isFloatingPoint
  }
}

import Checkpoints

/// What a pickle says, as data: nothing of it is ever called or imported.
enum PickleValue {
  case none
  case truth(Bool)
  case integer(Int)
  case float(Double)
  case text(String)
  case bytes([UInt8])
  /// The name of something in a Python module.
  case global(module: String, name: String)
  case tensor(PickledTensor)
  case storage(PickledStorage)
  case node(PickleNode)

  /// The integer; nil for another value.
  var integer: Int? {
    if case .integer(let number) = self { number } else { nil }
  }

  /// The elements of a tuple or a list; nil for another value.
  var elements: [PickleValue]? {
    guard case .node(let node) = self else { return nil }
    return node.kind == .tuple || node.kind == .list ? node.elements : nil
  }

  /// A tuple of numbers such as a shape; nil for another value.
  var integers: [Int]? {
    guard let elements else { return nil }
    var numbers: [Int] = []
    for element in elements {
      guard let number = element.integer else { return nil }
      numbers.append(number)
    }
    return numbers
  }
}

/// A container, which may be reached in several ways and changed after it was named.
final class PickleNode {
  enum Kind {
    case tuple, list, dictionary
    /// An object of a class that isn't known: what it was made from, and its state.
    case object
  }

  let kind: Kind
  var elements: [PickleValue] = []
  var pairs: [(key: PickleValue, value: PickleValue)] = []
  var state: PickleValue = .none

  init(_ kind: Kind, _ elements: [PickleValue] = []) {
    self.kind = kind
    self.elements = elements
  }
}

/// A storage: numbers of one type in a member of the archive.
struct PickledStorage: Hashable {
  /// The member's name below `data/`.
  let key: String
  /// The type of the elements; nil where the tensor tells it.
  let elementType: ElementType?
  /// The number of elements; of bytes where the tensor tells the type.
  let count: Int
}

/// A view of a storage.
struct PickledTensor: Hashable {
  let storage: PickledStorage
  let elementType: ElementType
  /// The place of the first element in the storage.
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

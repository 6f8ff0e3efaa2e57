import Checkpoints

/// The few names of Python whose meaning is known here; every other one stays a name.
enum TorchNames {
  /// The element type of a storage class; nil for a class that isn't known.
  static func storageType(_ name: String) -> ElementType? {
    switch name {
    case "DoubleStorage": .float64
    case "FloatStorage": .float32
    case "HalfStorage": .float16
    case "BFloat16Storage": .bfloat16
    case "LongStorage": .int64
    case "IntStorage": .int32
    case "ShortStorage": .int16
    case "CharStorage": .int8
    case "ByteStorage": .uint8
    case "BoolStorage": .bool
    case "ComplexFloatStorage": .complex64
    case "ComplexDoubleStorage": .complex128
    default: nil
    }
  }

  /// The element type of `torch.<name>`; nil for what is no type.
  static func elementType(_ name: String) -> ElementType? {
    switch name {
    case "float64", "double": .float64
    case "float32", "float": .float32
    case "float16", "half": .float16
    case "bfloat16": .bfloat16
    case "float8_e4m3fn": .float8E4M3
    case "float8_e5m2": .float8E5M2
    case "int64", "long": .int64
    case "int32", "int": .int32
    case "int16", "short": .int16
    case "int8": .int8
    case "uint8": .uint8
    case "uint16": .uint16
    case "uint32": .uint32
    case "uint64": .uint64
    case "bool": .bool
    case "complex64": .complex64
    case "complex128": .complex128
    default: nil
    }
  }

  /// What a call would give, for the functions that only put data together; nil for any other.
  static func result(
    ofCalling function: PickleValue, _ arguments: [PickleValue], depth: Int = 0
  ) -> PickleValue? {
    guard case .global(let module, let name) = function, depth < 4 else { return nil }
    switch (module, name) {
    case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"):
      return tensor(arguments, type: nil)
    case ("torch._utils", "_rebuild_tensor_v3"):
      guard arguments.count > 6, case .global("torch", let type) = arguments[6] else { return nil }
      return tensor(arguments, type: elementType(type))
    case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
      return arguments.first
    case ("torch._tensor", "_rebuild_from_type_v2"):
      guard arguments.count > 2, let inner = arguments[2].elements else { return nil }
      return result(ofCalling: arguments[0], inner, depth: depth + 1)
    case ("collections", "OrderedDict"), ("builtins", "dict"), ("__builtin__", "dict"):
      return dictionary(arguments)
    case ("torch", "Size"): return arguments.first
    default: return nil
    }
  }

  private static func tensor(_ arguments: [PickleValue], type: ElementType?) -> PickleValue? {
    guard arguments.count >= 4, case .storage(let storage) = arguments[0],
      let elementType = storage.elementType ?? type, let offset = arguments[1].integer,
      let shape = arguments[2].integers, let strides = arguments[3].integers
    else { return nil }
    return .tensor(
      PickledTensor(
        storage: storage, elementType: elementType, offset: offset, shape: shape, strides: strides))
  }

  /// A dictionary, from a list of pairs where there is one.
  private static func dictionary(_ arguments: [PickleValue]) -> PickleValue? {
    let node = PickleNode(.dictionary)
    for pair in arguments.first?.elements ?? [] {
      guard let parts = pair.elements, parts.count == 2 else { return nil }
      node.pairs.append((parts[0], parts[1]))
    }
    return .node(node)
  }

  /// The storage that a persistent id names: `('storage', class, key, place, count)`.
  static func storage(_ id: PickleValue) -> PickleValue? {
    guard let parts = id.elements, parts.count >= 5, case .text("storage") = parts[0],
      case .global(let module, let name) = parts[1], case .text(let key) = parts[2],
      let count = parts[4].integer, count >= 0
    else { return nil }
    let isUntyped = module == "torch.storage" && name == "UntypedStorage"
    guard isUntyped || storageType(name) != nil else { return nil }
    return .storage(
      PickledStorage(key: key, elementType: isUntyped ? nil : storageType(name), count: count))
  }
}

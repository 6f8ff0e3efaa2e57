import Checkpoints

/// ggml's types of tensors by their numbers; those that are quantised are listed and not read.
enum GGUFType {
  /// A type.
  struct Kind {
    let name: String
    let element: ElementType
    /// Elements that are stored together, and their bytes.
    let blockCount: Int
    let blockSize: Int

    fileprivate init(_ name: String, _ element: ElementType, _ blockCount: Int, _ blockSize: Int) {
      self.name = name
      self.element = element
      self.blockCount = blockCount
      self.blockSize = blockSize
    }
  }

  /// The type of a number; nil for a number that isn't known.
  static func kind(_ number: Int) -> Kind? {
    switch number {
    case 0: Kind("F32", .float32, 1, 4)
    case 1: Kind("F16", .float16, 1, 2)
    case 24: Kind("I8", .int8, 1, 1)
    case 25: Kind("I16", .int16, 1, 2)
    case 26: Kind("I32", .int32, 1, 4)
    case 27: Kind("I64", .int64, 1, 8)
    case 28: Kind("F64", .float64, 1, 8)
    case 30: Kind("BF16", .bfloat16, 1, 2)
    default: quantised(number)
    }
  }

  private static func quantised(_ number: Int) -> Kind? {
    switch number {
    case 2: Kind("Q4_0", .packed(4), 32, 18)
    case 3: Kind("Q4_1", .packed(4), 32, 20)
    case 6: Kind("Q5_0", .packed(5), 32, 22)
    case 7: Kind("Q5_1", .packed(5), 32, 24)
    case 8: Kind("Q8_0", .packed(8), 32, 34)
    case 9: Kind("Q8_1", .packed(8), 32, 36)
    case 10: Kind("Q2_K", .packed(2), 256, 84)
    case 11: Kind("Q3_K", .packed(3), 256, 110)
    case 12: Kind("Q4_K", .packed(4), 256, 144)
    case 13: Kind("Q5_K", .packed(5), 256, 176)
    case 14: Kind("Q6_K", .packed(6), 256, 210)
    case 15: Kind("Q8_K", .packed(8), 256, 292)
    default: nil
    }
  }
}

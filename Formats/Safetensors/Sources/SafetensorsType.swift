import Checkpoints

/// The specification's names of element types.
enum SafetensorsType {
  private struct Entry {
    let name: String
    let element: ElementType
    let bits: Int

    init(_ name: String, _ element: ElementType, bits: Int) {
      self.name = name
      self.element = element
      self.bits = bits
    }
  }

  /// Every type of the specification; those that the vocabulary lacks are opaque, and keep their
  /// names because outputs copy them from the template.
  private static let entries: [Entry] = [
    Entry("F64", .float64, bits: 64), Entry("F32", .float32, bits: 32),
    Entry("F16", .float16, bits: 16), Entry("BF16", .bfloat16, bits: 16),
    Entry("F8_E4M3", .float8E4M3, bits: 8), Entry("F8_E5M2", .float8E5M2, bits: 8),
    Entry("I64", .int64, bits: 64), Entry("I32", .int32, bits: 32),
    Entry("I16", .int16, bits: 16), Entry("I8", .int8, bits: 8),
    Entry("U64", .uint64, bits: 64), Entry("U32", .uint32, bits: 32),
    Entry("U16", .uint16, bits: 16), Entry("U8", .uint8, bits: 8),
    Entry("BOOL", .bool, bits: 8), Entry("C64", .complex64, bits: 64),
    Entry("F8_E8M0", .opaque(1), bits: 8), Entry("F8_E4M3FNUZ", .opaque(1), bits: 8),
    Entry("F8_E5M2FNUZ", .opaque(1), bits: 8), Entry("F6_E2M3", .packed(6), bits: 6),
    Entry("F6_E3M2", .packed(6), bits: 6), Entry("F4", .packed(4), bits: 4),
  ]

  /// The element type of a name and the bits of an element; nil for a name that isn't known.
  static func element(_ name: String) -> (type: ElementType, bits: Int)? {
    entries.first { $0.name == name }.map { ($0.element, $0.bits) }
  }

  /// The name of an element type; nil where the specification has none.
  static func name(_ type: ElementType) -> String? {
    switch type {
    case .opaque, .packed: nil
    default: entries.first { $0.element == type }?.name
    }
  }
}

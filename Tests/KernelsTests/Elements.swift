import Checkpoints
import Kernels

/// The four types that merges write.
let floatTypes: [ElementType] = [.float64, .float32, .float16, .bfloat16]

/// The bytes of values in a type.
func encoded(_ values: [Double], _ type: ElementType, _ order: ByteOrder = .little) -> [UInt8] {
  var bytes = [UInt8](repeating: 0xAA, count: values.count * (type.byteCount ?? 0))
  var span = bytes.mutableSpan
  // Any bits are bytes and any bytes are elements; the views are unsafe only for types with padding.
  var raw = unsafe span.mutableBytes
  ElementEncoding.encode(values.span, as: type, order, into: &raw)
  return bytes
}

/// The values of bytes in a type.
func decoded(_ bytes: [UInt8], _ type: ElementType, _ order: ByteOrder = .little) -> [Double] {
  var values = [Double](repeating: 0, count: bytes.count / (type.byteCount ?? 1))
  var span = values.mutableSpan
  unsafe ElementDecoding.decode(type, order, from: bytes.span.bytes, into: &span)
  return values
}

/// The bits of one value in a type, as an integer.
func bits(_ value: Double, _ type: ElementType) -> UInt64 {
  integer(encoded([value], type))
}

/// Little-endian bytes as an integer.
func integer(_ bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}

/// The value whose bits in a type are these.
func value(_ bits: UInt64, _ type: ElementType) -> Double {
  let bytes = (0..<(type.byteCount ?? 0)).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
  return decoded(bytes, type)[0]
}

/// The bits of positive infinity in a type.
func infinityBits(_ type: ElementType) -> UInt64 {
  switch type {
  case .float64: 0x7FF0_0000_0000_0000
  case .float32: 0x7F80_0000
  case .float16: 0x7C00
  default: 0x7F80
  }
}

import Checkpoints
import Testing

@testable import NumPy

/// Headers of arrays: what NumPy wrote at any time, and nothing that would have to be evaluated.
struct ArrayHeaderTests {
  private func header(_ dictionary: String) throws -> ArrayHeader {
    let text = Array(dictionary.utf8)
    let head = ArrayHeader.magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)]
    return try ArrayHeader(head + text)
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }   \n",
    "{'descr':'<f4','fortran_order':False,'shape':(2,3)}",
    "{\"shape\": (2L, 3L), \"fortran_order\": False, \"descr\": \"<f4\"}",
  ])
  func everyWriterIsUnderstood(text: String) throws {
    let header = try header(text)
    #expect(header.type == ArrayType(.float32, size: 4))
    #expect(header.shape == [2, 3] && !header.isFortranOrder && header.dataSize == 24)
  }

  @Test(arguments: [
    "", "{", "{}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } x",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': [2]}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}",
    "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f3', 'fortran_order': False, 'shape': (1,,)}",
    "{'descr': '<i3', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 2)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': __import__('os').getcwd(), 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1 << 2,)}",
  ])
  func whatIsNoHeaderIsRefused(text: String) {
    #expect(throws: ArrayHeader.Fault.self) { try self.header(text) }
  }

  @Test func deepNestingIsRefused() {
    let deep = String(repeating: "(", count: 100_000)
    #expect(PythonLiteral(parsing: Array(deep.utf8)) == nil)
  }

  @Test(arguments: [
    ("<f8", ElementType.float64, ByteOrder.little), (">f8", .float64, .big),
    ("=f2", .float16, .little), ("|b1", .bool, .little), (">i8", .int64, .big),
    ("<c16", .complex128, .little), ("|V2", .opaque(2), .little), ("<U3", .string, .little),
    ("<M8[ns]", .opaque(8), .little), ("<f16", .opaque(16), .little),
  ])
  func typeStringsAreUnderstood(text: String, type: ElementType, order: ByteOrder) throws {
    let found = try #require(ArrayType(.text(text)))
    #expect(found.element == type && found.order == order)
  }

  @Test func typeStringsThatAreWrittenAreReadAsTheSame() throws {
    let types: [ElementType] = [
      .float64, .float32, .float16, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32,
      .uint64, .bool, .complex64, .complex128, .opaque(3),
    ]
    for type in types {
      for order in [ByteOrder.little, .big] {
        let text = try #require(ArrayType.typeString(type, order))
        let found = try #require(ArrayType(.text(text)))
        #expect(found.element == type && found.size == type.byteCount)
        #expect(found.order == order || type.swapUnit == 1)
      }
    }
  }

  @Test(arguments: [[], [0], [7], [2, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])
  func aWrittenHeaderIsReadAgain(shape: [Int]) throws {
    let bytes = ArrayHeader.bytes(typeString: "<f4", shape: shape)
    #expect(bytes.count % 64 == 0)
    #expect(try ArrayHeader.length(of: Array(bytes.prefix(12))) == bytes.count)
    let header = try ArrayHeader(bytes)
    #expect(header.shape == shape && header.type.element == .float32)
  }
}

import Checkpoints
import Testing

@testable import HDF5

/// What one process writes, the other reads; what neither wrote is an error, never a trap.
struct WireTests {
  static let type = HDF5Type(
    element: .compound(12), byteOrder: .big, size: 12, problem: "strange", holdsReferences: true)

  static let records: [SurveyRecord] = [
    .file(userBlockSize: 512),
    .group(
      GroupRecord(
        path: TensorName("a"), address: 7, tracksCreationOrder: true,
        attributes: [
          HDF5Attribute(
            name: TensorName("s"), type: HDF5Type(element: .string, size: 8), shape: [2],
            value: .strings([[1, 2], []])),
          HDF5Attribute(name: TensorName("n"), type: type, shape: nil, value: .raw([])),
          HDF5Attribute(name: TensorName("u"), type: type, shape: [1], value: .unread("why")),
        ])),
    .dataset(
      DatasetRecord(
        path: TensorName("a/b"), address: 9, type: HDF5Type(element: .float32, size: 4),
        shape: [3, .max], attributes: [],
        storage: .chunked(
          shape: [2, 2], filters: [HDF5Filter(id: 1, parameters: [4, 5])],
          chunks: [ChunkRecord(index: 3, address: 4, byteCount: 5, filterMask: 6)]),
        fillElement: [1, 2, 3, 4])),
    .namedType(path: TensorName("t"), address: 11),
    .softLink(path: TensorName("l"), target: TensorName("/nowhere")),
    .alias(path: TensorName("b"), address: 9),
    .failure(fact: "fact", remedy: nil),
    .end(count: 4),
  ]

  static func encoded(_ record: SurveyRecord) -> [UInt8] {
    var wire = WireWriter()
    record.write(to: &wire)
    return wire.bytes
  }

  @Test(arguments: records.indices)
  func recordsSurvive(index: Int) throws {
    let bytes = Self.encoded(Self.records[index])
    var wire = WireReader(bytes)
    let decoded = try SurveyRecord(from: &wire)
    #expect(wire.remaining == 0)
    #expect(Self.encoded(decoded) == bytes)
    #expect("\(decoded)" == "\(Self.records[index])")
  }

  @Test func everyTruncationIsAnError() {
    for record in Self.records {
      let bytes = Self.encoded(record)
      for length in bytes.indices {
        #expect(throws: WireError.self, "\(record) cut to \(length)") {
          var wire = WireReader(Array(bytes[..<length]))
          _ = try SurveyRecord(from: &wire)
        }
      }
    }
  }

  @Test func everyChangedByteIsReadOrRefused() {
    for record in Self.records {
      let bytes = Self.encoded(record)
      for index in bytes.indices {
        for change: UInt8 in [1, 0x80, 0xFF] {
          var damaged = bytes
          damaged[index] ^= change
          var wire = WireReader(damaged)
          // Either outcome is right; the process must survive and not reserve what isn't there.
          _ = try? SurveyRecord(from: &wire)
        }
      }
    }
  }

  @Test func integersOfEveryWidthSurvive() throws {
    var wire = WireWriter()
    wire.write(UInt32.max - 1)
    wire.write(Int64.min)
    wire.write(integers: [UInt64.max, 0])
    var reader = WireReader(wire.bytes)
    #expect(try reader.integer(UInt32.self) == .max - 1)
    #expect(try reader.integer(Int64.self) == .min)
    #expect(try reader.integers(UInt64.self) == [.max, 0])
  }

  @Test func nonsenseAboutAFileIsRefused() {
    let root = SurveyRecord.group(
      GroupRecord(path: TensorName(""), address: 1, tracksCreationOrder: false, attributes: []))
    func dataset(_ shape: [UInt64], _ address: UInt64, _ bytes: UInt64) -> SurveyRecord {
      .dataset(
        DatasetRecord(
          path: TensorName("x"), address: address &+ 50, type: HDF5Type(element: .float32, size: 4),
          shape: shape, attributes: [], storage: .contiguous(address: address, byteCount: bytes),
          fillElement: [0, 0, 0, 0]))
    }
    let bad: [(String, [SurveyRecord])] = [
      ("impossible", [root, dataset([1 << 32, (1 << 32) + 1], 0, 4)]),
      ("stored", [root, dataset([2], 0, 4)]),
      ("beyond the end", [root, dataset([2], 96, 8)]),
      ("beyond the end", [root, dataset([2], .max - 3, 8)]),
      ("shares bytes", [root, dataset([2], 8, 8), dataset([2], 12, 8)]),
      ("root group isn't the first", [root, root]),
      ("two objects", [root, dataset([2], 8, 8), dataset([2], 8, 8)]),
      ("alias of nothing", [root, .alias(path: TensorName("y"), address: 77)]),
      ("no root", []),
      ("user block", [.file(userBlockSize: 101)]),
    ]
    for (reason, records) in bad {
      let answer = (records + [.end(count: 0)]).flatMap(Self.encoded)
      do {
        _ = try TreeBuilder.tree(from: answer, size: 100, superblockVersion: 0)
        Issue.record("\(reason): accepted")
      } catch {
        #expect(error.fact.contains(reason))
      }
    }
  }
}

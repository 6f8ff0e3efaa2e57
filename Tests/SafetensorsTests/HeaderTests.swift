import Checkpoints
import TestSupport
import Testing

@testable import Safetensors

/// The rules of the specification, one broken at a time.
struct HeaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func file(_ json: String, data: Int, length: Int? = nil) throws -> InputFile {
    let text = Array(json.utf8)
    let size = ZipBuilder.little(UInt64(length ?? text.count))
    let bytes = size + text + [UInt8](repeating: 1, count: data)
    return try FlatFile.file(bytes, at: folder.file("x.safetensors"))
  }

  private func entry(_ name: String, _ begin: Int, _ end: Int) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\((end - begin) / 4)],\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test func tensorsAreListedByTheirNames() throws {
    let json = "{\(entry("w.10", 0, 8)),\(entry("w.9", 8, 16)),\(entry("none", 8, 8))}   "
    let checkpoint = try SafetensorsFormat().open(try file(json, data: 16))
    #expect(checkpoint.tensors.map(\.name.text) == ["none", "w.9", "w.10"])
    guard case .contiguous(let extent) = checkpoint.tensors[1].storage else {
      Issue.record("\(checkpoint.tensors[1].storage)")
      return
    }
    #expect(extent == Extent(offset: 8 + json.utf8.count + 8, length: 8))
  }

  static let broken: [(json: String, data: Int, words: String)] = [
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      4, "twice"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, "twice"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, "belong to no tensor"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, "overlaps"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
      12, "belong to no tensor"
    ),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, "1 bytes at the end"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 3, "truncated"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "need 64 bits"),
    (#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,2]}}"#, 2, "need 12 bits"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, "takes the bytes"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 4, "takes the bytes"),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,4]}}"#, 4,
      "more elements"
    ),
    (
      #"{"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0,
      "more elements"
    ),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, "shape"),
    (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, "shape"),
    (#"{"a":{"dtype":"F33","shape":[1],"data_offsets":[0,4]}}"#, 4, "type F33"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, "isn't described"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}"#, 4, "isn't described"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4, "isn't described"),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}"#, 4,
      "isn't described"
    ),
    (#"{"__metadata__":{"a":1}}"#, 0, "__metadata__"),
    (#"{"__metadata__":["a"]}"#, 0, "__metadata__"),
    (#"{"a":1}"#, 0, "isn't described"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x"#, 4, "goes on"),
    (#"{"a"}"#, 0, "isn't JSON"),
  ]

  @Test(arguments: broken.indices)
  func aBrokenRuleIsNamed(index: Int) throws {
    let (json, data, words) = Self.broken[index]
    let file = try file(json, data: data)
    let error = try #require(
      #expect(throws: CheckpointError.self) { try SafetensorsFormat().open(file) })
    #expect(error.kind == .unusable && error.file == file.name && error.remedy != nil)
    #expect(error.fact.contains(words), "\(error.fact)")
  }

  @Test(arguments: [100_000_001, Int.max])
  func aHugeHeaderIsRefusedUnread(length: Int) throws {
    let file = try file("{}", data: 0, length: length)
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFormat().open(file) }
    #expect(error?.fact.contains("more than 100000000") == true)
  }

  @Test func aHeaderLongerThanTheFileIsTruncated() throws {
    let file = try file("{}", data: 0, length: 1000)
    let error = #expect(throws: CheckpointError.self) { try SafetensorsFormat().open(file) }
    #expect(error?.fact.hasPrefix("truncated") == true)
  }

  @Test func writtenHeadersAreReadAgain() throws {
    let entries = [
      SafetensorsPlan.Entry(name: TensorName("b\"\\\n"), type: "F32", shape: [2, 3], length: 24),
      SafetensorsPlan.Entry(name: TensorName("a"), type: "I64", shape: [], length: 8),
    ]
    let metadata = [SafetensorsHeader.Pair(key: "é", value: "{\"x\": 1}")]
    let plan = try SafetensorsPlan(entries, metadata: metadata, file: "x")
    #expect(plan.header.count % 8 == 0 && plan.size == plan.header.count + 32)
    let header = try SafetensorsHeader(Array(plan.header.dropFirst(8)), fileSize: plan.size)
    #expect(header.metadata == metadata)
    #expect(header.entries.map(\.name) == entries.map(\.name))
    #expect(header.entries.map(\.extent) == plan.extents)
  }
}

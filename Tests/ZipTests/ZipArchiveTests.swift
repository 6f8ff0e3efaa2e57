import Checkpoints
import TestSupport
import Testing

@testable import Zip

/// Archives that are read, and those that are refused because two readers could differ about them.
struct ZipArchiveTests {
  typealias Member = ZipBuilder.Member

  private let folder: TemporaryFolder
  private let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 31 >> 3) }

  init() throws {
    folder = try TemporaryFolder()
  }

  private func file(_ bytes: [UInt8]) throws -> InputFile {
    try FlatFile.file(bytes, at: folder.file("a.zip"))
  }

  private func archive(_ members: Member...) throws -> ZipArchive {
    try ZipArchive(try file(ZipBuilder(members).bytes))
  }

  private func refusal(_ bytes: [UInt8]) throws -> CheckpointError {
    let file = try file(bytes)
    let error = try #require(#expect(throws: CheckpointError.self) { try ZipArchive(file) })
    #expect(error.kind == .unusable && error.file == file.name && error.remedy != nil)
    return error
  }

  @Test func storedAndDeflatedMembersAreRead() throws {
    let archive = try archive(
      Member("folder/", []), Member("a", content), Member(deflating: "b", content),
      Member("empty", []))
    #expect(archive.entries.map(\.name.text) == ["a", "b", "empty"])
    let stored = try #require(archive[TensorName("a")])
    #expect(try archive.file.bytes(stored.data) == content)
    let deflated = try #require(archive[TensorName("b")])
    let stream = try InflateStream(deflated, in: archive.file)
    #expect(try stream.next(7) + stream.next(60_000) + stream.next(1 << 20) == content)
    #expect(try stream.next(10) == [])
  }

  @Test func theCommentIsKept() throws {
    var builder = ZipBuilder([Member("a", [1])])
    // A comment that holds the mark of an archive's end.
    builder.comment = Array("made by a test".utf8)
    #expect(try ZipArchive(try file(builder.bytes)).comment == builder.comment)
  }

  /// PyTorch writes the record of large archives into every one.
  @Test(arguments: [0, 1, 40, 48])
  func aSmallArchiveMayHaveTheRecordOfLargeOnes(fault: Int) throws {
    let plain = ZipBuilder([Member("a", content)]).bytes
    let end = plain.count - 22
    let size = Int(plain[end + 12]) + Int(plain[end + 13]) << 8
    let start = end - size
    var record: [UInt8] = [0x50, 0x4B, 6, 6] + ZipBuilder.little(UInt64(44)) + [30, 3, 45, 0]
    record += ZipBuilder.little(UInt32(0)) + ZipBuilder.little(UInt32(0))
    record += ZipBuilder.little(UInt64(1)) + ZipBuilder.little(UInt64(1))
    record += ZipBuilder.little(UInt64(size)) + ZipBuilder.little(UInt64(start))
    // The size or the position of the directory, of which there shall be one.
    if fault >= 40 { record[fault] ^= 1 }
    var locator: [UInt8] = [0x50, 0x4B, 6, 7] + ZipBuilder.little(UInt32(0))
    locator += ZipBuilder.little(UInt64(end)) + ZipBuilder.little(UInt32(1))
    if fault == 1 { locator[0] = 0 }
    let bytes = plain[..<end] + record + locator + plain[end...]
    if fault == 0 {
      let archive = try ZipArchive(try file(Array(bytes)))
      let entry = try #require(archive[TensorName("a")])
      #expect(try archive.file.bytes(entry.data) == content)
    } else {
      _ = try refusal(Array(bytes))
    }
  }

  @Test(arguments: [1, 3])
  func checksumsAreThoseOfTheSpecification(threads: Int) throws {
    let long = (0..<(5 << 20) / 2).map { UInt8(truncatingIfNeeded: $0 ^ $0 >> 9) }
    let archive = try archive(Member("a", long))
    let entry = try #require(archive[TensorName("a")])
    #expect(try CRC32.of(entry.data, in: archive.file, threads: threads) == ZipBuilder.crc32(long))
    let check = MemberCheck(entry, in: archive.file, tensor: nil)
    #expect(try check.fault(threads: threads) == nil)
  }

  @Test func aWrongChecksumIsFound() throws {
    var stored = Member("a", content)
    stored.crc32 ^= 1
    var deflated = Member(deflating: "b", content)
    deflated.crc32 ^= 1
    let archive = try archive(stored, deflated)
    let check = MemberCheck(archive.entries[0], in: archive.file, tensor: TensorName("a"))
    #expect(try check.fault(threads: 1)?.contains("CRC-32") == true)
    let stream = try InflateStream(archive.entries[1], in: archive.file)
    let error = #expect(throws: CheckpointError.self) { try stream.next(1 << 20) }
    #expect(error?.fact.contains("CRC-32") == true)
  }

  static let lies: [(String, @Sendable (inout ZipBuilder) -> Void)] = [
    ("is there twice", { $0.members[1].name = "a" }),
    ("contradicts", { $0.members[0].localName = "x" }),
    ("contradicts", { $0.members[0].localSize = 3 }),
    ("encrypted", { $0.members[0].flags = 1 }),
    ("declares 5", { $0.members[0].size = 5 }),
    (
      "overlaps",
      {
        $0.members.append(Member("c", [])); $0.members[2].headerOffset = 0
      }
    ),
    ("lies outside", { $0.members[1].headerOffset = 1 << 20 }),
    ("lists 2 members", { $0.declaredCount = 3 }),
    (
      "can't hold",
      {
        $0.members[1] = Member(deflating: "b", [1]); $0.members[1].size = 1 << 30
      }
    ),
  ]

  @Test(arguments: lies.indices)
  func anArchiveThatContradictsItselfIsRefused(index: Int) throws {
    var builder = ZipBuilder([Member("a", [1, 2, 3, 4]), Member("b", content)])
    let (words, spoil) = Self.lies[index]
    spoil(&builder)
    let fact = try refusal(builder.bytes).fact
    // A second header for the first member's bytes has another name, which is found first.
    #expect(
      fact.contains(words) || (words == "overlaps" && fact.contains("contradicts")), "\(fact)")
  }

  @Test func overlappingMembersAreRefused() throws {
    // The second member's bytes are a whole archive member, which a third entry points to.
    let inner = ZipBuilder([Member("c", [9, 9])]).bytes
    var builder = ZipBuilder([Member("b", inner), Member("c", [9, 9])])
    builder.members[1].headerOffset = 31
    #expect(try refusal(builder.bytes).fact.contains("overlaps"))
  }

  @Test func moreBytesThanDeclaredAreRefused() throws {
    for (declared, words) in [(content.count - 1, "more than"), (content.count + 1, "not")] {
      var member = Member(deflating: "a", content)
      member.size = declared
      let archive = try archive(member)
      let stream = try InflateStream(archive.entries[0], in: archive.file)
      let error = #expect(throws: CheckpointError.self) { try stream.next(1 << 20) }
      #expect(error?.fact.contains(words) == true)
      #expect(stream.count <= declared)
    }
  }

  @Test func bytesBehindTheStreamAreRefused() throws {
    var member = Member(deflating: "a", content)
    member.stored += [0]
    let archive = try archive(member)
    let stream = try InflateStream(archive.entries[0], in: archive.file)
    let error = #expect(throws: CheckpointError.self) { try stream.next(1 << 20) }
    #expect(error?.fact.contains("behind its deflate stream") == true)
  }

  @Test func anArchiveCutAnywhereIsRefused() throws {
    let bytes = ZipBuilder([Member("a", [1, 2, 3]), Member(deflating: "b", [4, 5])]).bytes
    for count in 0..<bytes.count {
      #expect(throws: CheckpointError.self, "\(count)") {
        _ = try ZipArchive(try self.file(Array(bytes[..<count])))
      }
    }
  }

  /// Whatever byte is flipped, members stay within the file and the checksum or the stream tells.
  @Test func aFlippedByteNeverGoesUnnoticed() throws {
    let bytes = ZipBuilder([Member("a", [1, 2, 3]), Member(deflating: "b", [4, 5])]).bytes
    for place in bytes.indices {
      var spoilt = bytes
      spoilt[place] ^= 0xFF
      guard let archive = try? ZipArchive(try file(spoilt)) else { continue }
      for entry in archive.entries {
        #expect(entry.extent.lies(within: spoilt.count))
        guard entry.method == .deflated else { continue }
        let stream = try InflateStream(entry, in: archive.file)
        let isWhole = try? stream.next(1000) == [4, 5]
        #expect(isWhole != false, "byte \(place)")
      }
    }
  }
}

import Checkpoints
import TestSupport
import Testing

@testable import Zip

/// Archives that are written in pieces, in any order and by any thread.
struct ZipLayoutTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// Writes an archive of three new members and a copied one, and opens it again; `write` gets the
  /// output and where each new member's values go.
  private func archive(
    _ contents: [[UInt8]], _ write: (StagedFile, [Extent]) throws -> Void
  ) throws -> ZipArchive {
    let source = try ZipArchive(
      try FlatFile.file(
        ZipBuilder([ZipBuilder.Member("old", [1, 2, 3])]).bytes, at: folder.file("old.zip")))
    let entry = try #require(source[TensorName("old")])
    let members = contents.enumerated().map {
      ZipMember(TensorName("new\($0)"), head: Array($1.prefix(3)), length: $1.count - 3)
    }
    let layout = try ZipLayout(
      [members[0], ZipMember(copying: entry)] + members[1...], comment: [], file: "a.zip")
    let path = folder.file("a.zip")
    let output = try StagedFile.create(.file(path), replacing: true)
    try layout.prepare(output)
    let copy = try #require(layout.copies.first)
    try output.write(unsafe [UInt8]([1, 2, 3]).span.bytes, at: copy.target.offset)
    try write(output, [layout.data[0]] + layout.data[2...])
    try layout.finish(output)
    try output.commit(durably: false)
    #expect(output.byteCount == layout.size)
    return try ZipArchive(try InputFile.open(path))
  }

  private func expectMembers(_ contents: [[UInt8]], in archive: ZipArchive) throws {
    for (number, content) in contents.enumerated() {
      let entry = try #require(archive[TensorName("new\(number)")])
      #expect(try archive.file.bytes(entry.data) == content)
      #expect(entry.crc32 == ZipBuilder.crc32(content))
      #expect(entry.data.offset.isMultiple(of: 64))
    }
    #expect(archive[TensorName("old")]?.crc32 == ZipBuilder.crc32([1, 2, 3]))
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func checksumsAreThoseOfWhatWasWrittenHoweverItWasCut(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let contents = [40_000, 3, 1_500_000].map { count in
      (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }
    let archive = try archive(contents) { output, extents in
      var pieces: [(bytes: [UInt8], offset: Int)] = []
      for (content, extent) in zip(contents, extents) {
        var start = 0
        while start < extent.length {
          let end = min(extent.length, start + .random(in: 1...50_000, using: &generator))
          pieces.append((Array(content[(3 + start)..<(3 + end)]), extent.offset + start))
          start = end
        }
      }
      // Pieces that are written twice, and pieces over several others, first with other bytes.
      if seed > 2, let whole = extents.last {
        let wrong = [UInt8](repeating: 7, count: 200_000)
        try output.write(unsafe wrong.span.bytes, at: whole.offset + 100_000)
        pieces += pieces.prefix(5)
      }
      for piece in pieces.shuffled(using: &generator) {
        try output.write(unsafe piece.bytes.span.bytes, at: piece.offset)
      }
    }
    try expectMembers(contents, in: archive)
  }

  @Test func whatNobodyWritesIsZeroAndCounted() throws {
    let content = [UInt8]([5, 6, 7]) + [UInt8](repeating: 0, count: 3_000_000)
    let archive = try archive([content, content, [1, 2, 3, 4]]) { output, extents in
      try output.write(unsafe [UInt8]([4]).span.bytes, at: extents[2].offset)
    }
    try expectMembers([content, content, [1, 2, 3, 4]], in: archive)
  }

  @Test func piecesAcrossTheBordersOfMembersAreCounted() throws {
    let content = [UInt8](repeating: 9, count: 1_000)
    let archive = try archive([content, content, content]) { output, extents in
      // The headers between the last two members are written again at the end.
      let all = [UInt8](repeating: 9, count: extents[2].end - extents[1].offset)
      try output.write(unsafe all.span.bytes, at: extents[1].offset)
      try output.write(unsafe [UInt8](repeating: 9, count: 997).span.bytes, at: extents[0].offset)
    }
    try expectMembers([content, content, content], in: archive)
  }
}

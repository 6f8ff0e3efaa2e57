import TestSupport
import Testing

@testable import Checkpoints

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files that are read at any position, and streams that become such files.
struct InputFileTests {
  private func read(_ file: InputFile, _ range: Range<Int>) throws -> [UInt8] {
    try file.bytes(try #require(Extent(offset: range.lowerBound, length: range.count)))
  }

  @Test func anyRangeIsReadInAnyOrder() throws {
    let folder = try TemporaryFolder()
    let content = (0..<100).map { UInt8($0) }
    let file = try FlatFile.file(content, at: folder.file("a"))
    #expect(file.size == 100)
    for range in [90..<100, 0..<10, 50..<50, 0..<100, 100..<100] {
      #expect(try read(file, range) == Array(content[range]))
    }
  }

  @Test func readingBeyondTheEndSaysWhere() throws {
    let folder = try TemporaryFolder()
    let file = try FlatFile.file([1, 2, 3, 4], at: folder.file("a"))
    let error = #expect(throws: CheckpointError.self) { try read(file, 2..<9) }
    #expect(error?.kind == .unusable)
    #expect(error?.file == file.name)
    #expect(error?.fact == "ended at byte 4 while it was read, 5 bytes early")
    let behind = #expect(throws: CheckpointError.self) { try read(file, 7..<9) }
    #expect(behind?.fact == "ended at byte 4 while it was read, 5 bytes early")
  }

  @Test func whatCannotBeOpenedIsNamed() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: CheckpointError.self) {
      try InputFile.open(folder.file("none"))
    }
    #expect(missing?.fact == "can't be opened: No such file or directory")
    let directory = #expect(throws: CheckpointError.self) { try InputFile.open(folder.path) }
    #expect(directory?.fact == "is a folder")
    #expect(directory?.remedy == "name a checkpoint file")
  }

  @Test func linksLeadToTheSameIdentity() throws {
    let folder = try TemporaryFolder()
    let file = try FlatFile.file([1], at: folder.file("a"))
    let other = try FlatFile.file([1], at: folder.file("b"))
    #expect(unsafe symlink(folder.file("a"), folder.file("soft")) == 0)
    #expect(unsafe link(folder.file("a"), folder.file("hard")) == 0)
    for name in ["a", "soft", "hard"] {
      #expect(try InputFile.open(folder.file(name)).identity == file.identity)
    }
    #expect(other.identity != file.identity)
  }

  @Test func aReplacedFileStaysReadable() throws {
    let folder = try TemporaryFolder()
    let file = try FlatFile.file([1, 2], at: folder.file("a"))
    let next = try FlatFile.file([3, 4], at: folder.file("a"))
    #expect(try read(file, 0..<2) == [1, 2])
    #expect(try read(next, 0..<2) == [3, 4])
    #expect(file.identity != next.identity)
  }

  /// As much as a pipe holds, so that one thread can write and read.
  @Test(arguments: [0, 1, 30_000])
  func pipesAreSpooled(count: Int) throws {
    var ends: [CInt] = [0, 0]
    try #require(unsafe pipe(&ends) == 0)
    let content = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
    #expect(unsafe write(ends[1], content, count) == count)
    close(ends[1])
    let file = try InputFile.adopt(ends[0], name: "-")
    #expect(file.name == "-")
    #expect(file.size == count)
    #expect(try read(file, 0..<count) == content)
    #expect(try read(file, count / 2..<count) == Array(content[(count / 2)...]))
  }
}

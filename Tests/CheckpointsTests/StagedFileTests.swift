import TestSupport
import Testing

@testable import Checkpoints

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Outputs that are seen only when they are whole.
struct StagedFileTests {
  private func write(
    _ bytes: [UInt8], to path: String, replacing: Bool = false, commits: Bool = true
  ) throws {
    let output = try StagedFile.create(.file(path), replacing: replacing)
    try output.write(unsafe bytes.span.bytes, at: 0)
    if commits { try output.commit(durably: true) }
  }

  private func content(_ path: String) throws -> [UInt8] {
    try FlatFile.bytes(of: InputFile.open(path))
  }

  private func refusal(_ body: () throws -> Void) throws -> CheckpointError {
    try #require(#expect(throws: CheckpointError.self) { try body() })
  }

  @Test func nothingIsSeenBeforeTheCommit() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out")
    let output = try StagedFile.create(.file(path), replacing: false)
    try output.write(unsafe [UInt8]([1, 2, 3]).span.bytes, at: 0)
    #expect(folder.names.count == 1)
    #expect(folder.names.allSatisfy { $0.hasPrefix(".out.ctl-") })
    #expect(output.byteCount == 3)
    #expect(try FlatFile.bytes(of: output.reopened()) == [1, 2, 3])
    try output.commit(durably: false)
    #expect(folder.names == ["out"])
    #expect(try content(path) == [1, 2, 3])
  }

  @Test func withoutCommitNothingIsLeft() throws {
    let folder = try TemporaryFolder()
    try write([1], to: folder.file("out"), commits: false)
    #expect(folder.names.isEmpty)
    try write([1], to: folder.file("out"))
    try write([2], to: folder.file("out"), replacing: true, commits: false)
    #expect(folder.names == ["out"])
    #expect(try content(folder.file("out")) == [1])
  }

  @Test func existingFilesAreReplacedOnlyOnRequest() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("out")
    try write([1, 2], to: path)
    let error = try refusal { try write([3], to: path) }
    #expect(error.kind == .output)
    #expect(error.exitCode == 74)
    #expect(error.file == path)
    #expect(error.fact == "exists")
    #expect(error.remedy == "use --force to replace it")
    try write([3], to: path, replacing: true)
    #expect(try content(path) == [3])
  }

  @Test func aLinkStaysALinkAndItsTargetIsReplaced() throws {
    let folder = try TemporaryFolder()
    try write([1], to: folder.file("target"))
    #expect(unsafe symlink("target", folder.file("link")) == 0)
    #expect(unsafe symlink(folder.file("link"), folder.file("chain")) == 0)
    try write([2], to: folder.file("chain"), replacing: true)
    #expect(folder.names == ["chain", "link", "target"])
    #expect(try content(folder.file("target")) == [2])
    var status = stat()
    #expect(unsafe lstat(folder.file("link"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func aLinkToNothingMakesItsTarget() throws {
    let folder = try TemporaryFolder()
    #expect(unsafe symlink("later", folder.file("link")) == 0)
    try write([5], to: folder.file("link"))
    #expect(try content(folder.file("later")) == [5])
  }

  /// Another name of the old file keeps the old bytes.
  @Test func otherHardLinksKeepTheOldFile() throws {
    let folder = try TemporaryFolder()
    try write([1], to: folder.file("a"))
    #expect(unsafe link(folder.file("a"), folder.file("b")) == 0)
    try write([2], to: folder.file("a"), replacing: true)
    #expect(try content(folder.file("a")) == [2])
    #expect(try content(folder.file("b")) == [1])
  }

  @Test func placesThatTakeNoFileAreNamed() throws {
    let folder = try TemporaryFolder()
    let directory = try refusal { try write([1], to: folder.path, replacing: true) }
    #expect(directory.fact == "is a folder")
    let missing = try refusal { try write([1], to: folder.file("none/out")) }
    #expect(missing.fact.contains("can't be written: No such file or directory"))
    let device = try refusal { try write([1], to: "/dev/null", replacing: true) }
    #expect(device.fact == "is no regular file")
    #expect(device.remedy == "use -o - to write to a stream")
    #expect(folder.names.isEmpty)
  }

  @Test func longNamesLeaveRoomForTheTemporaryOne() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "x", count: 255)
    try write([1], to: folder.file(name))
    #expect(folder.names == [name])
  }

  @Test func theModeIsThatOfAnyNewFile() throws {
    let folder = try TemporaryFolder()
    try write([1], to: folder.file("out"))
    let plain = unsafe open(folder.file("plain"), O_WRONLY | O_CREAT, 0o666)
    close(plain)
    var modes: [UInt32] = []
    for name in ["out", "plain"] {
      var status = stat()
      #expect(unsafe stat(folder.file(name), &status) == 0)
      modes.append(UInt32(status.st_mode & 0o777))
    }
    #expect(modes[0] == modes[1])
  }

  @Test func reservedSpaceReadsAsZeroAndTakesWritesAnywhere() throws {
    let folder = try TemporaryFolder()
    let output = try StagedFile.create(.file(folder.file("out")), replacing: false)
    try output.reserve(10)
    #expect(output.byteCount == 10)
    try output.write(unsafe [UInt8]([7, 8]).span.bytes, at: 8)
    try output.write(unsafe [UInt8]([5]).span.bytes, at: 1)
    try output.commit(durably: true)
    #expect(try content(folder.file("out")) == [0, 5, 0, 0, 0, 0, 0, 0, 7, 8])
  }

  @Test func moreThanTheDiskHoldsIsRefusedWithTheNumbers() throws {
    let folder = try TemporaryFolder()
    let output = try StagedFile.create(.file(folder.file("out")), replacing: false)
    let size = 1 << 60
    let error = try refusal { try output.reserve(size) }
    #expect(error.kind == .output)
    #expect(error.fact.hasPrefix("can't be written: "))
  }
}

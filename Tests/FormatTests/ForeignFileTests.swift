import Checkpoints
import FormatRegistry
import HDF5
import TestSupport
import Testing

/// What is no checkpoint of ours is named with what to do about it.
struct ForeignFileTests {
  private func error(_ bytes: [UInt8]) throws -> CheckpointError {
    let folder = try TemporaryFolder()
    let path = folder.file("x.h5")
    let file = try FlatFile.file(bytes, at: path)
    HDF5Worker.use(executable: BuiltProgram.path)
    let error = try #require(
      #expect(throws: CheckpointError.self) { _ = try CheckpointFormats.open(file) })
    #expect(error.kind == .unusable)
    #expect(error.exitCode == 2)
    #expect(error.file == path)
    return error
  }

  static let starts: [([UInt8], String)] = [
    ([], "is empty"),
    (Array("version https://git-lfs.github.com/spec/v1\noid".utf8), "Git LFS pointer"),
    (Array("<!DOCTYPE html><html>".utf8), "web page"), (Array("<html>".utf8), "web page"),
    ([0x1F, 0x8B, 8, 0], "compressed with gzip"), (Array("PK\u{3}\u{4}....".utf8), "zip archive"),

    ([0x80, 2, 0x7D], "pickle"), ([0x80, 5, 0x95], "pickle"),
    (Array("plain text".utf8), "no checkpoint of a known format"),
    ([0], "no checkpoint of a known format"),
  ]

  @Test(arguments: starts)
  func fileIsNamed(start: [UInt8], fact: String) throws {
    let error = try error(start + [UInt8](repeating: 0, count: start.isEmpty ? 0 : 100))
    #expect(error.fact.contains(fact))
    #expect(error.remedy != nil)
    if !start.isEmpty { #expect(try self.error(start).fact == error.fact) }
  }

  @Test func missingFilesAndFoldersAreRefused() throws {
    let folder = try TemporaryFolder()
    for (path, fact) in [
      (folder.file("none.h5"), "can't be opened: No such file or directory"),
      (folder.path, "is a folder without weights that are known"),
    ] {
      let error = #expect(throws: CheckpointError.self) { _ = try CheckpointFormats.open(path) }
      #expect(error?.file == path)
      #expect(error?.fact == fact)
    }
  }
}

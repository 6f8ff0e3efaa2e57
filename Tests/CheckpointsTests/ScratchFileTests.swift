import Checkpoints
import TestSupport
import Testing

struct ScratchFileTests {
  private func bytes(_ file: ScratchFile, at offset: Int, count: Int) throws -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var span = result.mutableSpan
    var bytes = unsafe span.mutableBytes
    try file.read(at: offset, into: &bytes)
    return result
  }

  @Test func whatWasAppendedIsReadWhereItWasSaidToBe() throws {
    let folder = try TestFolder()
    let file = ScratchFile(purpose: "test", folder: folder.path)
    let parts: [[UInt8]] = [[1, 2, 3], [], [4], Array(repeating: 9, count: 70_000)]
    var places: [Int] = []
    for part in parts { places.append(try file.append(unsafe part.span.bytes)) }
    #expect(places == [0, 3, 3, 4])
    for (part, place) in zip(parts, places) {
      #expect(try bytes(file, at: place, count: part.count) == part)
    }
    #expect(try bytes(file, at: 1, count: 4) == [2, 3, 4, 9])
  }

  @Test func itHasNoNameAndNothingIsMadeBeforeBytesCome() throws {
    let folder = try TestFolder()
    let file = ScratchFile(purpose: "test", folder: folder.path)
    let none = ScratchFile(purpose: "test", folder: folder.file("missing"))
    _ = try file.append(unsafe [UInt8](repeating: 1, count: 10).span.bytes)
    #expect(try folder.names.isEmpty)
    let error = try #require(throws: CheckpointError.self) {
      _ = try none.append(unsafe [UInt8(1)].span.bytes)
    }
    #expect(error.kind == .output && error.file == folder.file("missing"))
    #expect(error.remedy?.contains("TMPDIR") == true)
  }

  @Test func readingPastTheEndIsAnError() throws {
    let folder = try TestFolder()
    let file = ScratchFile(purpose: "test", folder: folder.path)
    _ = try file.append(unsafe [UInt8(1), 2].span.bytes)
    #expect(throws: CheckpointError.self) { _ = try bytes(file, at: 1, count: 2) }
  }
}

import FoundationEssentials
import TestSupport
import Testing

/// Files that aren't what their names promise: code 2, and the message says what they are.
struct ForeignFileTests {
  private static let refused = Vector.hdf5 + "/refused"
  /// The text that the message about each file has to contain.
  private static let index: [String: String] = {
    guard let data = try? Data(contentsOf: URL(filePath: refused + "/index.json")) else {
      return [:]
    }
    return (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
  }()

  private let bench: Workbench
  private let good = Sample.mlp("task-b")

  init() throws {
    bench = try Workbench()
  }

  private func expectRefusal(
    of file: String, saying words: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try bench.folder.names
    for arguments in [
      ["soup", file, file, "-o", "o.h5"], ["soup", good, file, "-o", "o.h5"],
      ["inspect", file, "--stats"], ["verify", file], ["diff", file, good],
    ] {
      let run = try bench.run(arguments)
      #expect(run.code == 2, "\(arguments): \(run)", sourceLocation: location)
      let said = (run.errors + run.text).lowercased()
      #expect(said.contains(words.lowercased()), "\(arguments): \(run)", sourceLocation: location)
      #expect(said.contains(file.lowercased()), "\(arguments): \(run)", sourceLocation: location)
      #expect(!said.contains("fatal error"), "\(run)", sourceLocation: location)
    }
    #expect(try bench.folder.names == before, sourceLocation: location)
    #expect(try bench.folder.leftovers.isEmpty, sourceLocation: location)
  }

  @Test func theListIsThatOfTheFolder() throws {
    let names = Vector.all(in: Self.refused).map { $0.dropFirst(Self.refused.count + 1) }
    #expect(!names.isEmpty && names.map(String.init) == Self.index.keys.sorted())
  }

  @Test(arguments: index.keys.sorted())
  func aRefusedVectorIsNamedWithTheReason(name: String) throws {
    let words = try #require(Self.index[name])
    // A file that damages only some tensors can be listed; it can't be merged.
    let file = "\(Self.refused)/\(name)"
    let run = try bench.run("soup", file, file, "-o", "o.h5")
    #expect(run.code == 2, "\(run)")
    #expect(run.errors.lowercased().contains(words.lowercased()), "\(run)")
    #expect(run.errors.contains(file) && run.output.isEmpty, "\(run)")
    #expect(try bench.holds())
  }

  @Test func whatIsNoFileIsNamed() throws {
    #expect(try bench.shell("mkdir folder").code == 0)
    try expectRefusal(of: "folder", saying: "folder")
    try expectRefusal(of: "/dev/null", saying: "empty")
  }

  @Test func filesOfOtherKindsAreNamed() throws {
    let zero = [UInt8](repeating: 0, count: 64)
    let kinds: [(name: String, bytes: [UInt8], words: String)] = [
      ("empty.h5", [], "empty"),
      ("text.h5", Array("epoch,loss\n1,0.5\n".utf8), "hdf5"),
      ("zeros.h5", zero, "hdf5"),
      ("pointer.h5", Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs"),
      ("page.h5", Array("<!DOCTYPE html>\n<html></html>\n".utf8), "web page"),
      ("packed.h5", [0x1F, 0x8B, 8, 0] + zero, "gzip"),
      ("model.keras.h5", Array("PK".utf8) + [3, 4] + zero, "zip"),
      ("array.h5", [0x93] + Array("NUMPY".utf8) + zero, "numpy"),
      ("pickle.h5", [0x80, 2] + zero, "pickle"),
      ("model.gguf.h5", Array("GGUF".utf8) + zero, "gguf"),
    ]
    for kind in kinds {
      try bench.folder.write(kind.bytes, to: kind.name)
      try expectRefusal(of: kind.name, saying: kind.words)
    }
  }

  /// libhdf5 follows this address only when it opens the copy for writing, too late for a file to
  /// be refused.
  @Test func aFileOfAMultiFileDriverIsRefused() throws {
    var bytes = try bench.folder.bytes(Vector.hdf5 + "/nonfinite.h5")
    bytes[55] = 0
    try bench.folder.write(bytes, to: "multi.h5")
    try expectRefusal(of: "multi.h5", saying: "multi-file")
  }

  @Test func aFileThatMayNotBeReadIsNamed() throws {
    guard !isSuperuser || canDropPrivileges else { return }
    try bench.folder.copy(good, as: "secret.h5")
    let script = "ctl-merge soup secret.h5 secret.h5 -o o.h5"
    let run = try bench.shell("chmod 000 secret.h5; \(asOrdinaryUser(script))")
    #expect(run.code == 2 && run.errors.contains("secret.h5"), "\(run)")
    #expect(try bench.holds("secret.h5"))
  }
}

import TestSupport
import Testing

/// An output that is also an input: the result is right, and nobody's bytes are lost.
struct SameFileTests {
  private let bench: Workbench
  private let a = Sample.mlp("task-a-3")
  private let b = Sample.mlp("task-b")
  /// What the merge has to give.
  private let right: [UInt8]

  init() throws {
    bench = try Workbench()
    try bench.folder.copy(a, as: "a.h5")
    try bench.done("soup", "a.h5", b, "-o", "right.h5", "--no-provenance")
    right = try bench.folder.bytes("right.h5")
  }

  private func merge(_ first: String, into output: String, force: Bool = true) throws -> ProgramRun
  {
    try bench.run(
      ["soup", first, b, "-o", output, "--no-provenance"] + (force ? ["--force"] : []))
  }

  @Test func withoutForceTheInputIsKept() throws {
    let before = try bench.folder.bytes("a.h5")
    for name in ["a.h5", "./a.h5", "../work/a.h5", bench.folder.file("a.h5")] {
      let run = try merge("a.h5", into: name, force: false)
      #expect(run.code == 74, "\(name): \(run)")
      #expect(try bench.folder.bytes("a.h5") == before)
    }
    #expect(try bench.holds("a.h5", "right.h5"))
  }

  @Test(arguments: ["a.h5", "./a.h5", "../work/a.h5", "folder/../a.h5", "link.h5"])
  func theInputUnderAnySpellingIsReplaced(name: String) throws {
    #expect(try bench.shell("mkdir folder; ln -s a.h5 link.h5").code == 0)
    let run = try merge("a.h5", into: name)
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("a.h5") == right)
    #expect(try bench.shell("test -L link.h5").code == 0)
    #expect(try bench.holds("a.h5", "folder", "link.h5", "right.h5"))
  }

  @Test func anInputReadThroughALinkIsReplaced() throws {
    #expect(try bench.shell("ln -s a.h5 link.h5").code == 0)
    let run = try merge("link.h5", into: "a.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("a.h5") == right)
  }

  @Test func theInputMayBeAnyOfTheSources() throws {
    try bench.done("soup", b, "a.h5", "-o", "expected.h5", "--no-provenance")
    try bench.done("soup", b, "a.h5", "-o", "a.h5", "--no-provenance", "--force")
    #expect(try bench.folder.bytes("a.h5") == bench.folder.bytes("expected.h5"))
  }

  @Test func otherNamesOfTheInputKeepItsOldBytes() throws {
    let before = try bench.folder.bytes("a.h5")
    #expect(try bench.shell("ln a.h5 other.h5; ln a.h5 third.h5").code == 0)
    // Read by one name and replaced under another: the same file all the same.
    let run = try merge("other.h5", into: "a.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("a.h5") == right)
    #expect(try bench.folder.bytes("other.h5") == before)
    #expect(try bench.folder.bytes("third.h5") == before)
  }

  @Test func standardInputMayBeTheOutputToo() throws {
    let run = try bench.shell(
      "ctl-merge soup - \(b) --no-provenance --force -o a.h5 < a.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("a.h5") == right)
  }

  @Test func aFailedMergeOfAFileIntoItselfKeepsIt() throws {
    let before = try bench.folder.bytes("a.h5")
    let run = try bench.run("soup", "a.h5", Sample.cnn("task-b"), "-o", "a.h5", "--force")
    #expect(run.code == 2, "\(run)")
    #expect(try bench.folder.bytes("a.h5") == before)
    #expect(try bench.holds("a.h5", "right.h5"))
  }
}

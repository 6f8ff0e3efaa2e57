import FoundationEssentials
import TestSupport
import Testing

/// What may happen to an output's name: it is whole or it isn't there, and nothing else is touched.
struct OutputTests {
  private let bench: Workbench
  private let a = Sample.mlp("task-a-3")
  private let b = Sample.mlp("task-b")
  private let precious = Array("precious".utf8)

  init() throws {
    bench = try Workbench()
  }

  @Test func anExistingOutputIsKeptUnlessForced() throws {
    try bench.folder.write(precious, to: "o.h5")
    let run = try bench.run("soup", a, b, "-o", "o.h5")
    #expect(run.code == 74, "\(run)")
    #expect(run.errors.contains("o.h5") && run.errors.contains("--force"), "\(run)")
    #expect(try bench.folder.bytes("o.h5") == precious)
    #expect(try bench.holds("o.h5"))
    try bench.done("soup", a, b, "-o", "o.h5", "--force")
    try bench.done("soup", a, b, "-o", "new.h5")
    #expect(try bench.folder.bytes("o.h5") == bench.folder.bytes("new.h5"))
  }

  @Test func aFailureKeepsTheFileThatWouldHaveBeenReplaced() throws {
    try bench.folder.write(precious, to: "o.h5")
    let nan = Vector.hdf5 + "/nonfinite.h5"
    for (sources, code) in [
      ([nan, nan], 3), ([a, "no.h5"], 2), ([a, Sample.cnn("task-b")], 2),
    ] {
      let run = try bench.run(["soup"] + sources + ["-o", "o.h5", "--force"])
      #expect(run.code == CInt(code), "\(run)")
      #expect(try bench.folder.bytes("o.h5") == precious)
      #expect(try bench.holds("o.h5"))
    }
  }

  @Test func aFolderThatIsNotThereIsFoundBeforeTheSourcesAreRead() throws {
    let run = try bench.run("soup", "no-source.h5", "no-source.h5", "-o", "no/o.h5")
    #expect(run.code == 74 && run.errors.contains("no/o.h5"), "\(run)")
    #expect(try bench.holds())
  }

  @Test func aFolderIsNoOutput() throws {
    try FileManager.default.createDirectory(
      atPath: bench.folder.file("folder"), withIntermediateDirectories: false)
    for arguments in [["-o", "folder"], ["-o", "folder", "--force"], ["-o", "folder/"]] {
      let run = try bench.run(["soup", a, b] + arguments)
      #expect(run.code == 74 && run.errors.contains("folder"), "\(run)")
    }
    #expect(try bench.holds("folder"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bench.folder.file("folder")).isEmpty)
  }

  @Test func aDeviceIsNoOutput() throws {
    let run = try bench.run("soup", a, b, "-o", "/dev/null", "--force")
    #expect(run.code == 74 && run.errors.contains("/dev/null"), "\(run)")
  }

  @Test(.enabled(if: !isSuperuser || canDropPrivileges, "needs an ordinary user"))
  func aFolderThatMayNotBeWrittenFailsAtOnce() throws {
    let script = "ctl-merge soup no-source.h5 no-source.h5 -o locked/o.h5"
    let run = try bench.shell("mkdir locked; chmod 555 locked; \(asOrdinaryUser(script))")
    #expect(run.code == 74 && run.errors.contains("locked/o.h5"), "\(run)")
    #expect(try bench.holds("locked"))
  }

  @Test func aLinkStaysALinkAndItsTargetIsReplaced() throws {
    try bench.folder.write(precious, to: "target.h5")
    let setup = "mkdir far; ln -s ../target.h5 far/link.h5; ln -s far/link.h5 o.h5"
    #expect(try bench.shell(setup).code == 0)
    #expect(try bench.run("soup", a, b, "-o", "o.h5").code == 74)
    try bench.done("soup", a, b, "-o", "o.h5", "--force")
    let links = try bench.shell("readlink o.h5 far/link.h5; ls -A far")
    #expect(links.text == "far/link.h5\n../target.h5\nlink.h5\n")
    try bench.done("soup", a, b, "-o", "new.h5")
    #expect(try bench.folder.bytes("target.h5") == bench.folder.bytes("new.h5"))
  }

  @Test func aLinkToNothingMakesItsTarget() throws {
    #expect(try bench.shell("ln -s target.h5 o.h5").code == 0)
    try bench.done("soup", a, b, "-o", "o.h5")
    #expect(try bench.shell("test -L o.h5 && test -f target.h5").code == 0)
    #expect(try bench.holds("o.h5", "target.h5"))
  }

  @Test func aLoopOfLinksIsAnError() throws {
    #expect(try bench.shell("ln -s y.h5 x.h5; ln -s x.h5 y.h5").code == 0)
    let run = try bench.run("soup", a, b, "-o", "x.h5", "--force")
    #expect(run.code == 74 && run.errors.contains("x.h5"), "\(run)")
    #expect(try bench.shell("test -L x.h5 && test -L y.h5").code == 0)
    #expect(try bench.holds("x.h5", "y.h5"))
  }

  @Test func aLongNameIsAName() throws {
    let name = String(repeating: "n", count: 252) + ".h5"
    try bench.done("soup", a, b, "-o", name)
    #expect(try bench.holds(name))
  }

  @Test func theOutputHasTheRightsOfAnyNewFile() throws {
    let run = try bench.shell(
      "umask 027; ctl-merge soup --quiet \(a) \(b) -o o.h5; touch new; stat -c %a o.h5 new")
    #expect(run.text == "640\n640\n", "\(run)")
  }
}

/// Whether the tests run as root, to whom no folder is locked.
var isSuperuser: Bool { ProcessInfo.processInfo.userName == "root" }

/// Whether a command can be run as nobody.
let canDropPrivileges = isSuperuser && FileManager.default.fileExists(atPath: "/usr/bin/setpriv")

/// A command of bash, run as a user who is bound by permissions.
func asOrdinaryUser(_ script: String) -> String {
  guard isSuperuser else { return script }
  // The rights to pass over permissions are dropped, not the identity: the program may lie in a
  // folder that others can't enter.
  return "setpriv --bounding-set=-dac_override,-dac_read_search "
    + "bash -c '\(script)'"
}

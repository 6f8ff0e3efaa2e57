import FoundationEssentials
import TestSupport
import Testing

/// Checkpoints that come and go through pipes.
struct StreamTests {
  private let bench: Workbench
  private let a = Sample.cnn("task-a-3")
  private let b = Sample.cnn("task-b")
  private let base = Sample.cnn("pretrained")
  private let right: [UInt8]

  init() throws {
    bench = try Workbench()
    try bench.done("soup", a, b, "--no-provenance", "-o", "right.h5")
    right = try bench.folder.bytes("right.h5")
  }

  /// Runs a script that makes `o.h5`, which has to be the soup.
  private func expectSoup(
    _ script: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let run = try bench.shell(script)
    #expect(run.code == 0, "\(run)", sourceLocation: location)
    #expect(try bench.folder.bytes("o.h5") == right, sourceLocation: location)
    #expect(try bench.folder.leftovers.isEmpty, sourceLocation: location)
  }

  @Test func standardOutputTakesACheckpoint() throws {
    try expectSoup("ctl-merge soup \(a) \(b) --no-provenance -o - | cat > o.h5")
    try expectSoup("ctl-merge soup \(a) \(b) --no-provenance -o - > o.h5")
    try expectSoup("ctl-merge soup \(a) \(b) --no-provenance --output=- --quiet > o.h5")
  }

  @Test func appendingToAFileKeepsItsBeginning() throws {
    let run = try bench.shell(
      "printf begun > o.h5; ctl-merge soup \(a) \(b) --no-provenance -o - >> o.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("o.h5") == Array("begun".utf8) + right)
  }

  @Test func standardInputGivesACheckpoint() throws {
    let end = "--no-provenance --force -o o.h5"
    try expectSoup("cat \(a) | ctl-merge soup - \(b) \(end)")
    try expectSoup("ctl-merge soup \(a) - \(end) < \(b)")
    try expectSoup("cat \(b) | ctl-merge soup \(a) /dev/stdin \(end)")
    try expectSoup("ctl-merge soup /dev/stdin \(b) \(end) < \(a)")
  }

  @Test func namedPipesAndProcessSubstitutionsAreFiles() throws {
    let end = "--no-provenance --force -o o.h5"
    try expectSoup("ctl-merge soup <(cat \(a)) <(cat \(b)) \(end)")
    try expectSoup("mkfifo p; cat \(a) > p & ctl-merge soup p \(b) \(end) && wait")
  }

  /// The program may come first; it waits for the writer as every other reader does.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/fd"), "needs /proc"))
  func aNamedPipeIsAwaited() throws {
    #expect(try bench.shell("mkfifo p").code == 0)
    let program = try bench.start("soup", "p", b, "--no-provenance", "-o", "o.h5")
    let descriptors = "/proc/\(program.identifier)/fd"
    var isWaiting = false
    while !isWaiting, !program.hasEnded {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: descriptors)) ?? []
      isWaiting = names.contains { name in
        let path = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "\(descriptors)/\(name)")
        return path?.hasSuffix("/p") == true
      }
    }
    let writer = try bench.shell("cat \(a) > p")
    let run = program.finish()
    #expect(run.code == 0 && writer.code == 0, "\(run)")
    #expect(try bench.folder.bytes("o.h5") == right)
  }

  @Test func everyVerbReadsStandardInput() throws {
    for verb in ["inspect -", "verify -", "diff - \(a)", "diff \(a) -"] {
      let run = try bench.shell("cat \(a) | ctl-merge \(verb)")
      #expect(run.code == 0 && run.errors.isEmpty, "\(verb): \(run)")
    }
    #expect(try bench.folder.leftovers.isEmpty)
  }

  @Test func aPipelineGivesWhatTwoStepsGive() throws {
    let run = try bench.shell(
      """
      ctl-merge task-vector \(b) --base \(base) -o - \
        | ctl-merge negate --base \(base) - --scale 0.5 --no-provenance -o piped.h5 &&
      ctl-merge task-vector \(b) --base \(base) -o tau.h5 &&
      ctl-merge negate --base \(base) tau.h5 --scale 0.5 --no-provenance -o steps.h5
      """)
    #expect(run.code == 0, "\(run)")
    #expect(try bench.folder.bytes("piped.h5") == bench.folder.bytes("steps.h5"))
    #expect(try bench.folder.leftovers.isEmpty)
  }

  @Test func aPipeThatBringsNoCheckpointIsAnError() throws {
    for producer in [":", "echo text", "head -c 5000 \(a)"] {
      let run = try bench.shell("(\(producer)) | ctl-merge soup - \(b) -o o.h5")
      #expect(run.code == 2, "\(producer): \(run)")
      #expect(run.errors.contains("error: -: "), "\(producer): \(run)")
      #expect(try bench.holds("right.h5"))
    }
  }

  @Test func aClosedStandardInputIsAnError() throws {
    let run = try bench.shell("ctl-merge soup - \(b) -o o.h5 <&-")
    #expect(run.code == 2, "\(run)")
    #expect(try bench.holds("right.h5"))
  }

  @Test func aReaderThatLeavesEarlyIsAnOutputError() throws {
    let program = try bench.start("soup", a, b, "-o", "-")
    #expect(program.waitForOutput(byteCount: 1))
    program.closeOutput()
    let run = program.finish()
    #expect(run.code == 74, "\(run)")
    #expect(run.errors.contains("-"), "\(run)")
    #expect(try bench.holds("right.h5"))
  }

  @Test func aClosedStandardOutputIsAnOutputError() throws {
    let run = try bench.shell("ctl-merge soup \(a) \(b) -o - >&-")
    #expect(run.code == 74, "\(run)")
    #expect(try bench.holds("right.h5"))
  }

  @Test func aReportToAFullDeviceIsAnError() throws {
    let run = try bench.shell("ctl-merge soup \(a) \(b) -o - > /dev/full")
    #expect(run.code == 74, "\(run)")
    #expect(try bench.holds("right.h5"))
  }

  @Test func whereTemporaryFilesCanNotBeMadeIsSaid() throws {
    let missing = ["TMPDIR": bench.folder.file("no-such-folder")]
    let piped = try bench.run(["soup", a, b, "-o", "-"], setting: missing)
    #expect(piped.code == 74 && piped.errors.contains("TMPDIR"), "\(piped)")
    let fed = try bench.shell("cat \(a) | TMPDIR=no-such-folder ctl-merge soup - \(b) -o o.h5")
    #expect(fed.code == 74 && fed.errors.contains("TMPDIR"), "\(fed)")
    // Files need no temporary folder.
    let run = try bench.run(["soup", a, b, "-o", "o.h5"], setting: missing)
    #expect(run.code == 0, "\(run)")
    #expect(try bench.holds("o.h5", "right.h5"))
  }
}

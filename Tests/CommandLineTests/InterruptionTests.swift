import TestSupport
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Signals in the middle of a merge: code 130 and nothing left.
///
/// No test waits for a time to pass.
struct InterruptionTests {
  private static let signals = [SIGINT, SIGTERM, SIGHUP]
  private let bench: Workbench
  private let a = Sample.cnn("task-a-1")

  init() throws {
    bench = try Workbench()
  }

  @Test(arguments: signals) func whileAnInputIsAwaited(signal: CInt) throws {
    #expect(try bench.shell("mkfifo p").code == 0)
    let program = try bench.start("soup", "p", a, "-o", "o.h5")
    // A pipe takes 64 KiB; this write ends when the program has begun to keep what it reads.
    let writer = unsafe open(bench.folder.file("p"), O_WRONLY | O_CLOEXEC)
    try #require(writer >= 0)
    defer { close(writer) }
    let bytes = try bench.folder.bytes(a).prefix(100_000)
    let sent = unsafe bytes.withUnsafeBytes { unsafe write(writer, $0.baseAddress, $0.count) }
    #expect(sent == bytes.count)
    #expect(try bench.folder.leftovers.count == 1)
    program.send(signal)
    #expect(program.finish().end == .exited(130))
    #expect(try bench.holds("p"))
  }

  @Test(arguments: signals) func whileTheOutputIsNotRead(signal: CInt) throws {
    // More than a pipe takes, so that the program waits in the middle of it.
    let program = try bench.start("soup", a, a, "-o", "-")
    #expect(program.waitForOutput(byteCount: 1))
    #expect(try bench.folder.leftovers.count == 1)
    program.send(signal)
    #expect(program.finish().end == .exited(130))
    #expect(try bench.holds())
  }

  /// The signal comes as soon as the temporary sibling is seen.
  ///
  /// A merge may be done before it arrives; then it is whole, and the next run has to be caught.
  @Test(arguments: signals) func whileTheOutputIsWritten(signal: CInt) throws {
    var caught = 0
    for _ in 0..<50 where caught < 3 {
      let program = try bench.start("soup", a, a, "-o", "o.h5")
      while try bench.folder.names.isEmpty, !program.hasEnded {}
      program.send(signal)
      let run = program.finish()
      if run.code == 0 {
        #expect(try bench.holds("o.h5"))
        _ = unsafe unlink(bench.folder.file("o.h5"))
      } else {
        #expect(run.end == .exited(130), "\(run)")
        // Between the output's taking its name and the end, the signal finds a finished file.
        let names = try bench.folder.names
        #expect(names.isEmpty || names == ["o.h5"], "\(names)")
        if names.isEmpty { caught += 1 } else { _ = unsafe unlink(bench.folder.file("o.h5")) }
      }
      #expect(try bench.folder.leftovers.isEmpty)
    }
    #expect(caught == 3, "no run was caught in the middle")
  }

  @Test func anInterruptedMergeKeepsTheFileThatItWouldHaveReplaced() throws {
    #expect(try bench.shell("mkfifo p; printf precious > o.h5").code == 0)
    let program = try bench.start("soup", "p", a, "-o", "o.h5", "--force")
    let writer = unsafe open(bench.folder.file("p"), O_WRONLY | O_CLOEXEC)
    try #require(writer >= 0)
    defer { close(writer) }
    program.send(SIGTERM)
    #expect(program.finish().end == .exited(130))
    #expect(try bench.folder.bytes("o.h5") == Array("precious".utf8))
    #expect(try bench.holds("o.h5", "p"))
  }
}

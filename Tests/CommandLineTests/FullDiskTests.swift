import FoundationEssentials
import TestSupport
import Testing

/// Disks that are too small: code 74, the bytes needed and free, and nothing left.
struct FullDiskTests {
  private let bench: Workbench
  private let a = Sample.cnn("task-a-1")

  init() throws {
    bench = try Workbench()
  }

  /// Runs a script with a file system of 64 KiB mounted at `disk`; its code and that of the script
  /// are the same.
  private func onSmallDisk(_ script: String) throws -> ProgramRun {
    // The mount is in a name space of its own and goes with it, whatever happens.
    try bench.shell(
      """
      mkdir -p disk
      unshare --mount bash -c 'mount -t tmpfs -o size=64k tmpfs disk && set -o pipefail; \(script)'
      """)
  }

  /// Whether this machine lets the tests mount a file system.
  static let canMount: Bool = {
    guard let bench = try? Workbench() else { return false }
    let script = "mkdir d; unshare --mount mount -t tmpfs -o size=64k tmpfs d"
    return (try? bench.shell(script))?.code == 0
  }()

  @Test(.enabled(if: canMount, "mounting is not permitted here"))
  func aFullDiskTellsWhatIsNeededAndFree() throws {
    let run = try onSmallDisk(
      "ctl-merge soup \(a) \(a) -o disk/o.h5; code=$?; ls -A disk; exit $code")
    #expect(run.code == 74, "\(run)")
    #expect(run.text.isEmpty, "left: \(run.text)")
    let figures = run.errors.firstMatch(of: /([0-9]+) bytes needed, ([0-9]+) bytes free/)
    let (_, needed, free) = try #require(figures, "\(run)").output
    #expect(try #require(Int(needed)) >= 100_000)
    #expect(try #require(Int(free)) <= 65536)
    #expect(run.errors.contains("disk/o.h5"))
    #expect(try bench.folder.leftovers.isEmpty)
  }

  @Test(.enabled(if: canMount, "mounting is not permitted here"))
  func aFullDiskIsFoundInEveryLayout() throws {
    for option in ["--dtype float64", "--optimizer drop --dtype float64", "--layout keep"] {
      let run = try onSmallDisk(
        "ctl-merge soup \(a) \(a) \(option) -o disk/o.h5; code=$?; ls -A disk; exit $code")
      #expect(run.code == 74, "\(option): \(run)")
      #expect(run.text.isEmpty, "\(option): left: \(run.text)")
    }
  }

  @Test(.enabled(if: canMount, "mounting is not permitted here"))
  func aFullFolderForTemporaryFilesIsNamed() throws {
    let fed = try onSmallDisk(
      "cat \(a) | TMPDIR=disk ctl-merge soup - \(a) -o o.h5; code=$?; ls -A disk; exit $code")
    #expect(fed.code == 74 && fed.errors.contains("TMPDIR"), "\(fed)")
    #expect(fed.text.isEmpty, "left: \(fed.text)")
    let piped = try onSmallDisk(
      "TMPDIR=disk ctl-merge soup \(a) \(a) -o - | wc -c; code=$?; ls -A disk; exit $code")
    #expect(piped.code == 74 && piped.text == "0\n", "\(piped)")
    #expect(try bench.holds("disk"))
  }

  @Test func aLimitOnTheSizeOfFilesIsAnOutputError() throws {
    // Without the trap the kernel would end the program, as it ends any that passes the limit.
    for trap in ["trap '' XFSZ;", ""] {
      let run = try bench.shell("\(trap) ulimit -f 16; ctl-merge soup \(a) \(a) -o o.h5")
      #expect(run.code == 74, "\(run)")
      #expect(run.errors.contains("o.h5"), "\(run)")
      #expect(try bench.holds())
    }
  }
}

import Checkpoints
import FoundationEssentials
import Synchronization
import TestSupport
import Testing

/// A small file, damaged at one byte or cut, merged by the real program.
///
/// Every byte is flipped whole and the file is cut at every length; of the flips of a single bit
/// every fifth is tried, and all of them with `CTL_EXHAUSTIVE` set.
///
/// Each run ends with 0, 2 or 3: never with a signal, a hang or an output after a failure. Where it
/// ends with 0 the output can be read to its last byte.
@Suite(.serialized)
struct HostileFileTests {
  private static let vector = Vector.hdf5 + "/nonfinite.h5"
  private static let original: [UInt8] = {
    (try? Data(contentsOf: URL(filePath: vector))).map { [UInt8]($0) } ?? []
  }()

  private static let isExhaustive =
    ProcessInfo.processInfo.environment["CTL_EXHAUSTIVE"] != nil

  /// How often each code came.
  private struct Tally: CustomStringConvertible {
    var done = 0
    var refused = 0
    var numeric = 0
    var description: String { "\(done) merged, \(refused) refused, \(numeric) not finite" }
  }

  @Test(arguments: [(0xFF, 1), (0x01, 5)] as [(UInt8, Int)])
  func anyByteMayBeWrong(mask: UInt8, step: Int) throws {
    let tally = try merge(step: step) { place in
      var bytes = Self.original
      bytes[place] ^= mask
      return bytes
    }
    // Most bytes are structure, so that most damage is found; values are a few bytes.
    #expect(tally.refused > 20, "\(tally)")
    #expect(tally.done > 7, "\(tally)")
  }

  @Test func theFileMayEndAnywhere() throws {
    #expect(!Self.original.isEmpty)
    let tally = try merge(step: 1) { Array(Self.original.prefix($0)) }
    #expect(tally.refused > 0 && tally.done == 0 && tally.numeric == 0, "\(tally)")
  }

  /// Merges the file, damaged at each place, with itself, in two folders at a time.
  private func merge(
    step: Int, damaged: @Sendable (Int) -> [UInt8]
  ) throws -> Tally {
    let places = Array(
      stride(from: 0, to: Self.original.count, by: Self.isExhaustive ? 1 : step))
    let next = Atomic(0)
    let tally = Mutex(Tally())
    try forEachConcurrently(count: 2, threads: 2, makeState: { () }) {
      (_, _: inout Void) throws(CheckpointError) in
      do {
        let bench = try Workbench()
        while true {
          let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard index < places.count else { return }
          let place = places[index]
          let code = try Self.mergeOne(damaged(place), at: place, in: bench)
          tally.withLock { tally in
            switch code {
            case 0: tally.done += 1
            case 3: tally.numeric += 1
            default: tally.refused += 1
            }
          }
        }
      } catch {
        throw .unusable(Self.vector, "\(error)")
      }
    }
    return tally.withLock { $0 }
  }

  private static func mergeOne(
    _ bytes: [UInt8], at place: Int, in bench: Workbench
  ) throws -> CInt? {
    try bench.folder.write(bytes, to: "x.h5")
    let run = try bench.run(
      ["soup", "x.h5", "x.h5", "-o", "o.h5", "--json", "--no-sync", "--non-finite", "allow"],
      deadline: 30)
    #expect([0, 2, 3].contains(run.code), "byte \(place): \(run)")
    if run.code == 0 {
      let check = try bench.run(["verify", "o.h5"], deadline: 30)
      // Values may be what they are; the file can be read.
      #expect(check.code == 0 || check.code == 3, "byte \(place): \(check)")
      try FileManager.default.removeItem(atPath: bench.folder.file("o.h5"))
    } else {
      #expect(run.errors.contains("x.h5") && run.output.isEmpty, "byte \(place): \(run)")
    }
    #expect(try bench.holds("x.h5"), "byte \(place)")
    return run.code
  }
}

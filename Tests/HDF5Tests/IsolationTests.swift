import Checkpoints
import Testing

@testable import HDF5

/// What a worker may do to the program: nothing.
struct IsolationTests {
  private func failure(of executable: String, patience: Int = 20) -> CheckpointError? {
    do throws(CheckpointError) {
      let worker = try WorkerProcess(
        mode: .survey, descriptors: [0], file: "x.h5", patience: patience, executable: executable)
      _ = try worker.finish()
      return nil
    } catch {
      return error
    }
  }

  @Test func programsThatDoNotServeAreRecognised() {
    #expect(failure(of: "/bin/true")?.fact.contains("isn't an HDF5 worker") == true)
    #expect(failure(of: "/bin/false")?.fact.contains("ended with code 1") == true)
    #expect(failure(of: "/no/such/program")?.fact.contains("doesn't start") == true)
  }

  @Test func aHangIsOneError() {
    let clock = ContinuousClock()
    let begin = clock.now
    #expect(failure(of: "/usr/bin/yes", patience: 1)?.fact.contains("still busy") == true)
    #expect(clock.now - begin < .seconds(10))
  }

  /// Every byte of a small file flipped in turn (of a larger one every fifth): an error or a tree,
  /// never a trap or a hang.
  @Test(arguments: [("nonfinite.h5", 1), ("version-1.8.h5", 5)])
  func everyFlippedByteIsSurvived(name: String, step: Int) throws {
    let bytes = try Fixtures.bytes(of: Fixtures.open(name))
    try Fixtures.withFolder { folder in
      try forEachConcurrently(count: bytes.count / step, threads: 4, makeState: { 0 }) {
        (index, _) throws(CheckpointError) in
        var damaged = bytes
        damaged[index * step] ^= 0xFF
        try Self.surveyed(damaged, "\(folder)/\(index).h5")
      }
    }
  }

  @Test func everyTruncationIsAnError() throws {
    let bytes = try Fixtures.bytes(of: Fixtures.open("nonfinite.h5"))
    try Fixtures.withFolder { folder in
      for length in bytes.indices {
        let file = try Fixtures.file(Array(bytes[..<length]), at: "\(folder)/x.h5")
        #expect(throws: CheckpointError.self) {
          try HDF5Tree.surveyInWorker(file, Superblock(of: file), patience: 5)
        }
      }
    }
  }

  /// Surveys; the one failure that isn't the file's is the worker's not starting.
  private static func surveyed(_ bytes: [UInt8], _ path: String) throws(CheckpointError) {
    let output = try StagedFile.create(.file(path), replacing: true)
    _ = unsafe writeAll(bytes.span.bytes, to: output.descriptor, at: 0)
    try output.commit(durably: false)
    do throws(CheckpointError) {
      let file = try InputFile.open(path)
      _ = try HDF5Tree.surveyInWorker(file, Superblock(of: file), patience: 5)
    } catch {
      #expect(error.kind == .unusable)
      #expect(!error.fact.contains("can't be examined"), "\(error)")
    }
  }
}

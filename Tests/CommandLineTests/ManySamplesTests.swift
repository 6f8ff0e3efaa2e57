import FoundationEssentials
import TestSupport
import Testing

/// More samples than the probe keeps the figures of in memory.
@Suite("Many samples")
struct ManySamplesTests {
  private let bench: Workbench
  private let models = "$SAMPLES/mlp/task-a-1.h5 $SAMPLES/mlp/task-b.h5"
  /// Alphas multiply the figures of a sample.
  private let alphas = "0.02:0.98:0.02"

  init() throws {
    bench = try Workbench()
    try bench.folder.write(Self.images(2500), to: "many.npy")
    try bench.folder.write(Self.images(50), to: "few.npy")
  }

  /// A NumPy file of images of 8 x 8, all different.
  private static func images(_ count: Int) -> [UInt8] {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(count), 8, 8), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var generator = SeededGenerator(seed: 5)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8)
      + (0..<count * 64).map { _ in UInt8.random(in: 0...16, using: &generator) }
  }

  @Test func aFolderThatTakesNoFileIsNamedAndOnlyWhenItIsNeeded() throws {
    let few = try bench.shell("TMPDIR=nowhere ctl-probe \(models) --data few.npy")
    #expect(few.code == 0, "\(few)")
    let many = try bench.shell(
      "TMPDIR=nowhere ctl-probe \(models) --data many.npy --alphas \(alphas)")
    #expect(many.code == 74, "\(many)")
    #expect(many.errors.contains("nowhere") && many.errors.contains("TMPDIR"), "\(many)")
  }

  @Test func aFullDiskIsAnOutputError() throws {
    let run = try bench.shell(
      "ulimit -f 1024; ctl-probe \(models) --data many.npy --alphas \(alphas)")
    #expect(run.code == 74, "\(run)")
    #expect(run.errors.contains("TMPDIR"), "\(run)")
    #expect(try bench.folder.leftovers.isEmpty)
  }
}

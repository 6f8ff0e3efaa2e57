import Checkpoints
import FormatRegistry
import TestSupport
import Testing

/// Outputs whose types and places are the template's: its bytes with other values in them.
struct FidelityTests {
  /// Files of which libhdf5 need not lay out anything anew.
  private static let contiguous =
    Vector.all(in: Vector.keras)
    + ["matlab", "matlab-cells", "state-dict", "tied", "ordered", "attributes", "names"].map {
      "\(Vector.hdf5)/\($0).h5"
    }
    + [Sample.mlp("task-a-1"), Sample.cnn("task-a-2"), Sample.cnn("task-a-1.weights")]

  /// MATLAB's large arrays are chunked; what is contiguous can be merged in place.
  private static func selection(_ file: String) -> [String] {
    file.hasSuffix("/matlab.h5") ? ["--include", "scalar"] : []
  }

  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    SurveyWorker.useBuiltProgram()
  }

  /// The ranges of the tensors that a merge changes, by their names.
  private func mergedExtents(_ checkpoint: Checkpoint) -> [TensorName: Extent] {
    var extents: [TensorName: Extent] = [:]
    for tensor in checkpoint.tensors where tensor.isMergeable {
      if case .contiguous(let extent) = tensor.storage { extents[tensor.name] = extent }
    }
    return extents
  }

  @Test(arguments: contiguous)
  func withoutProvenanceOnlyValuesChange(file: String) throws {
    let template = try CheckpointFormats.open(file)
    let extents = mergedExtents(template)
    // Twice the template, so that every value but zero changes.
    let run = try bench.run(
      ["soup", file, file, "--weights", "1,1", "--no-normalize", "--no-provenance", "-o", "o.h5"]
        + Self.selection(file))
    try #require(run.code == 0, "\(run)")
    let before = try bench.folder.bytes(file)
    let after = try bench.folder.bytes("o.h5")
    try #require(after.count == before.count)
    var isValue = [Bool](repeating: false, count: before.count)
    for extent in extents.values {
      for place in extent.offset..<extent.end { isValue[place] = true }
    }
    let changed = before.indices.filter { before[$0] != after[$0] }
    #expect(changed.allSatisfy { isValue[$0] }, "\(changed.first { !isValue[$0] } ?? -1)")
    if !extents.isEmpty { #expect(!changed.isEmpty) }
  }

  @Test(arguments: contiguous)
  func withProvenanceEveryTensorStaysInItsPlace(file: String) throws {
    let run = try bench.run(["soup", file, file, "-o", "o.h5"] + Self.selection(file))
    try #require(run.code == 0, "\(run)")
    let before = try CheckpointFormats.open(file)
    let after = try CheckpointFormats.open(bench.folder.file("o.h5"))
    #expect(mergedExtents(before) == mergedExtents(after))
    #expect(before.tensors.map(\.name) == after.tensors.map(\.name))
    #expect(before.attributes == after.attributes.filter { $0.name != "ctl_merge" })
    #expect(after.attribute("ctl_merge")?.contains("soup") == true)
    #expect(before.format == after.format && after.inconsistencies == before.inconsistencies)
  }

  @Test(arguments: Vector.all(in: Vector.keras) + Vector.all(in: Vector.hdf5))
  func theSoupOfAFileWithItselfHoldsItsValues(file: String) throws {
    let run = try bench.run("soup", file, file, "-o", "o.h5", "--no-provenance")
    if file.hasSuffix("/nonfinite.h5") {
      #expect(run.code == 3, "\(run)")
      return
    }
    try #require(run.code == 0, "\(run)")
    let before = try bench.inspect(file, stats: true)
    let after = try bench.inspect("o.h5", stats: true)
    #expect(before.metadata == after.metadata)
    try #require(before.tensors.map(\.name) == after.tensors.map(\.name))
    for (old, new) in zip(before.tensors, after.tensors) {
      #expect(old.stats == new.stats, "\(old.name)")
      #expect(old.shape == new.shape && old.dtype == new.dtype && old.role == new.role)
      #expect(old.aliasOf == new.aliasOf, "\(old.name)")
    }
    #expect(try bench.run("verify", "o.h5").code == bench.run("verify", file).code)
    #expect(try bench.holds("o.h5"))
  }

  /// Merges go on until the clock shows another second, which no output may show.
  @Test(arguments: [[], ["--dtype", "float16"], ["--optimizer", "drop"], ["--layout", "keep"]])
  func theSameMergeGivesTheSameBytes(options: [String]) throws {
    let sources = [Sample.cnn("task-a-1"), Sample.cnn("task-b")]
    let arguments = ["soup"] + sources + ["--force", "-o", "o.h5"] + options
    let start = ContinuousClock.now
    #expect(try bench.run(arguments).code == 0)
    let first = try bench.folder.bytes("o.h5")
    repeat {
      #expect(try bench.run(arguments).code == 0)
      try #require(try bench.folder.bytes("o.h5") == first)
    } while ContinuousClock.now - start < .milliseconds(1100)
  }
}

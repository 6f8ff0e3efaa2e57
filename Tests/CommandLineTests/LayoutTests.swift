import TestSupport
import Testing

/// Outputs that are laid out anew: other types, chunks, a dropped optimizer.
struct LayoutTests {
  private static let trees =
    ["chunked", "contiguous", "floats", "matlab", "names", "ordered", "tied", "version-1.10"].map {
      "\(Vector.hdf5)/\($0).h5"
    }
    + ["keras-tied", "keras2-full-adam", "keras3-bfloat16.weights", "keras3-full-sgd"].map {
      "\(Vector.keras)/\($0).h5"
    }

  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  @Test(arguments: trees) func theLayoutMayBeKept(file: String) throws {
    try bench.done(
      "soup", file, file, "--layout", "keep", "--no-provenance", "-o", "o.h5", "--non-finite",
      "allow")
    let before = try bench.inspect(file, stats: true)
    let after = try bench.inspect("o.h5", stats: true)
    #expect(before.tensors.map(\.name) == after.tensors.map(\.name))
    for (old, new) in zip(before.tensors, after.tensors) {
      #expect(old.stats == new.stats && old.dtype == new.dtype, "\(old.name)")
      #expect(old.shape == new.shape && old.aliasOf == new.aliasOf, "\(old.name)")
      // What lay in an object's header gets a place of its own.
      let storage = old.storage == "compact" ? ["compact", "contiguous"] : [old.storage]
      #expect(storage.contains(new.storage), "\(old.name)")
    }
    #expect(before.metadata == after.metadata)
    #expect(try bench.run("verify", "o.h5").code == bench.run("verify", file).code)
  }

  @Test(arguments: trees, ["float64", "float32", "bfloat16"])
  func anotherTypeKeepsEverythingElse(file: String, type: String) throws {
    try bench.done(
      "soup", file, file, "--dtype", type, "--no-provenance", "-o", "o.h5", "--non-finite",
      "allow")
    let before = try bench.inspect(file)
    let after = try bench.inspect("o.h5")
    #expect(before.format == after.format)
    #expect(before.metadata == after.metadata)
    try #require(before.tensors.map(\.name) == after.tensors.map(\.name))
    for (old, new) in zip(before.tensors, after.tensors) {
      #expect(old.shape == new.shape && old.role == new.role, "\(old.name)")
      #expect(old.layer == new.layer && old.aliasOf == new.aliasOf, "\(old.name)")
      let isMerged =
        (old.role == "weight" || old.role == "statistic") && !old.shape.contains(0)
        && ["float64", "float32", "float16", "bfloat16"].contains(old.dtype)
      if isMerged {
        #expect(new.dtype == type, "\(old.name): \(old.dtype)")
      } else {
        #expect(new.dtype == old.dtype, "\(old.name)")
      }
    }
  }

  @Test func aWiderTypeHoldsTheSameNumbers() throws {
    let file = Sample.cnn("task-b")
    try bench.done("soup", file, file, "--dtype", "float64", "-o", "wide.h5")
    #expect(try bench.areEqual(file, "wide.h5"))
    try bench.done("soup", "wide.h5", "wide.h5", "--dtype", "float32", "-o", "narrow.h5")
    #expect(try bench.areEqual(file, "narrow.h5"))
    #expect(try bench.folder.bytes("wide.h5").count > bench.folder.bytes("narrow.h5").count)
  }

  @Test func anOutputThatIsTooWideForItsTypeIsAnError() throws {
    let file = Vector.hdf5 + "/floats.h5"
    let run = try bench.run("soup", file, file, "--dtype", "float16", "-o", "o.h5")
    #expect(run.code == 3, "\(run)")
    #expect(try bench.holds())
  }

  /// References hold addresses, which a new layout would change.
  @Test func referencesAreNotLaidOutAnew() throws {
    let file = Vector.hdf5 + "/matlab-cells.h5"
    let run = try bench.run("soup", file, file, "--dtype", "float32", "-o", "o.h5")
    #expect(run.code == 2 && run.errors.contains("tensor cells: "), "\(run)")
    #expect(run.errors.contains("references"), "\(run)")
    #expect(try bench.holds())
  }

  @Test(arguments: [Vector.hdf5 + "/tied.h5", Vector.keras + "/keras-tied.h5"])
  func tiedTensorsStayTied(file: String) throws {
    let ties = try bench.inspect(file).tensors.filter { $0.aliasOf != nil }
    #expect(!ties.isEmpty)
    for options in [[], ["--dtype", "float64"], ["--layout", "keep"]] {
      let run = try bench.run(["soup", file, file, "--force", "-o", "o.h5"] + options)
      #expect(run.code == 0, "\(run)")
      let after = try bench.inspect("o.h5").tensors.filter { $0.aliasOf != nil }
      #expect(after.map(\.name) == ties.map(\.name), "\(options)")
      #expect(after.map(\.aliasOf) == ties.map(\.aliasOf), "\(options)")
    }
  }
}

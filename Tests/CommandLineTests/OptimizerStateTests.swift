import TestSupport
import Testing

/// Optimizer state is the template's or nobody's, and never stands in the way of a merge.
struct OptimizerStateTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// One trained with Adam, one with SGD, one saved without its optimizer.
  private static let sources = [
    Sample.cnn("task-a-1"), Sample.cnn("task-a-2"), Sample.cnn("task-a-3"),
  ]

  private func optimizerState(of file: String) throws -> [Inspection.Tensor] {
    try bench.inspect(file, stats: true).tensors.filter { $0.role == "optimizer" }
  }

  @Test(arguments: 0..<3) func theTemplateGivesItsState(template: Int) throws {
    let sources = Array(Self.sources[template...] + Self.sources[..<template])
    let run = try bench.run(["soup"] + sources + ["-o", "o.h5"])
    #expect(run.code == 0, "\(run)")
    let state = try optimizerState(of: "o.h5")
    #expect(try state == optimizerState(of: sources[0]))
    #expect(state.isEmpty == (template == 2))
  }

  @Test func theStateTakesNoPartInTheMerge() throws {
    try bench.done("soup", Self.sources[0], Self.sources[1], "-o", "1.h5")
    try bench.done("soup", Self.sources[1], Self.sources[0], "-o", "2.h5")
    #expect(try bench.areEqual("1.h5", "2.h5", excluding: "*optimizer*"))
  }

  @Test(arguments: [
    Sample.cnn("task-a-1"), Sample.mlp("task-a-2"), Sample.mlp("task-a-1.weights"),
    Vector.keras + "/keras2-full-adam.h5", Vector.keras + "/keras3-full-sgd.h5",
    Vector.keras + "/keras3-sgd.weights.h5",
  ])
  func droppingTheStateDropsNothingElse(file: String) throws {
    #expect(try !optimizerState(of: file).isEmpty)
    let run = try bench.done("soup", file, file, "--optimizer", "drop", "-o", "o.h5", "--json")
    let rules = try run.json(Summary.self).tensors.map(\.rule)
    #expect(rules.contains { $0.contains("dropped") })
    #expect(try optimizerState(of: "o.h5").isEmpty)
    let kept = try bench.inspect(file, stats: true).tensors.filter { $0.role != "optimizer" }
    let left = try bench.inspect("o.h5", stats: true).tensors
    #expect(kept.map(\.name) == left.map(\.name))
    #expect(kept.map(\.stats) == left.map(\.stats))
    #expect(try bench.run("verify", "o.h5").code == 0)
    let text = try bench.shell("strings o.h5 | grep -c optimizer_weights || true").text
    #expect(text == "0\n" || file.contains(".weights."))
    #expect(try bench.folder.bytes("o.h5").count < bench.folder.bytes(file).count)
  }
}

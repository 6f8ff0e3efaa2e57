import FoundationEssentials
import TestSupport
import Testing

/// The verb `stats`: what it prints, where it writes, how it ends.
struct StatsTests {
  private struct Report: Decodable {
    struct Figures: Decodable {
      let parameters: Int
      let baseNorm: Double?
      let relativeNorms: [Double?]
      let cosines: [[Double?]]
      let signConflicts: [Conflicts]
      let modelStockT: Double?
    }

    struct Conflicts: Decodable {
      let density: Double
      let share: Double?
    }

    struct Origin: Decodable {
      let sameBase: String
      let groups: [[String]]
    }

    struct Layer: Decodable {
      let name: String
      let figures: Figures
    }

    let base: String?
    let models: [String]
    let origin: Origin
    let whole: Figures
    let layers: [Layer]
  }

  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  private func report(_ arguments: String...) throws -> Report {
    try bench.done(["stats", "--json"] + arguments).json()
  }

  @Test func jsonHasTheFiguresByLayer() throws {
    let models = [Sample.cnn("task-a-1"), Sample.cnn("task-b")]
    let result = try report(models[0], models[1], "--base", Sample.cnn("pretrained"))
    #expect(result.models == models && result.base == Sample.cnn("pretrained"))
    #expect(result.layers.first?.name == "conv_1")
    #expect(result.layers.reduce(0) { $0 + $1.figures.parameters } == result.whole.parameters)
    #expect(result.whole.signConflicts.map(\.density) == [1, 0.5, 0.2, 0.1])
    #expect(result.whole.modelStockT != nil)
    // The task vectors that `task-vector` writes give the same.
    for (place, model) in models.enumerated() {
      try bench.done(
        "task-vector", model, "--base", Sample.cnn("pretrained"), "--dtype", "float64", "-o",
        "\(place).h5")
    }
    let vectors = try report("0.h5", "1.h5", "--base", Sample.cnn("pretrained"))
    #expect(vectors.whole.cosines == result.whole.cosines)
    #expect(vectors.whole.relativeNorms == result.whole.relativeNorms)
  }

  @Test func theVerdictIsTheExitCodeWhereItIsAsked() throws {
    let (tuned, other) = (Sample.mlp("task-a-1"), Sample.mlp("independent"))
    #expect(try report(tuned, Sample.mlp("task-b")).origin.sameBase == "yes")
    #expect(try report(tuned, other).origin.sameBase == "no")
    #expect(try bench.run("stats", tuned, other).code == 0)
    let refused = try bench.run("stats", tuned, other, "--require-same-base", "--quiet")
    #expect(refused.code == 1 && refused.text.isEmpty)
    try bench.done(
      "stats", tuned, "--base", Sample.mlp("pretrained"), "--require-same-base", "--quiet")
  }

  @Test func theTerminalHasTheAnswerFirst() throws {
    let run = try bench.done(
      "stats", Sample.mlp("task-a-1"), Sample.mlp("task-b"), "--base", Sample.mlp("pretrained"),
      "--densities", "1,0.25")
    #expect(run.text.hasPrefix("Same base: "))
    for word in ["Task vectors", "Pairs", "Sign conflicts", "0.25", "Layers", "hidden_1"] {
      #expect(run.text.contains(word), "\(word)")
    }
    #expect(run.errors.isEmpty)
  }

  @Test func thePageNeedsNothingButItself() throws {
    let arguments = [
      "stats", Sample.cnn("task-a-1"), Sample.cnn("task-b"), "--base", Sample.cnn("pretrained"),
      "--html", "page.html", "--quiet",
    ]
    try bench.done(arguments)
    let page = String(decoding: try bench.folder.bytes("page.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    for word in ["ctl-merge stats", "Cosines between task vectors", "<svg", "norm_1"] {
      #expect(page.contains(word), "\(word)")
    }
    for word in ["<script", "src=", "http"] { #expect(!page.contains(word), "\(word)") }
    #expect(try bench.run(arguments).code == 74)
    try bench.done(arguments + ["--force"])
    #expect(try bench.run(arguments.dropLast(2) + ["-", "--json"]).code == 64)
  }

  @Test func mistakesAreUsageErrors() throws {
    #expect(try bench.run("stats", Sample.cnn("task-b")).code == 64)
    #expect(
      try bench.run(
        "stats", Sample.cnn("task-b"), Sample.cnn("task-b"), "--base", Sample.cnn("pretrained"),
        "--densities", "2"
      ).code == 64)
    #expect(try bench.run("stats", Sample.cnn("task-b"), Sample.mlp("task-b")).code == 2)
  }
}

import FoundationEssentials
import TestSupport
import Testing

/// `ctl-probe` as a user runs it, on the samples.
@Suite("The built probe")
struct ProbeTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  private static let test = "\(Sample.folder)/test.h5"

  /// What scripts read of `linearity`.
  private struct Linearity: Decodable {
    struct Measure: Decodable {
      let mean: Double
      let p5: Double
      let p95: Double
    }
    struct AtAlpha: Decodable {
      let alpha: Double
      let oneMinusCos: Measure
      let coef: Measure
      let samples: Int
      let zeroNorm: Int
      let nonFinite: Int
    }
    struct Layer: Decodable {
      let name: String
      let kind: String
      let shape: [Int]
      let alphas: [AtAlpha]
    }
    struct Output: Decodable {
      let alpha: Double
      let accuracy: Double
      let ensembleAccuracy: Double
      let agreement: Double
    }
    struct Verdict: Decodable {
      let model: String
      let culprits: [String]
    }
    let schema: String
    let verb: String
    let bn: String
    let alphas: [Double]
    let layers: [Layer]
    let output: [Output]
    let verdict: Verdict
  }

  @Test func withoutAVerbItMeasuresLinearityForScripts() throws {
    let run = try bench.probe([
      Sample.cnn("task-a-1"), Sample.cnn("task-b"), "--data", Self.test, "--json",
    ])
    #expect(run.code == 0)
    let report = try run.json(Linearity.self)
    #expect(report.schema == "ctl-probe/1" && report.verb == "linearity")
    #expect(report.bn == "interpolate" && report.alphas == [0.25, 0.5, 0.75])
    #expect(report.layers.first?.name == "conv_1" && report.layers.first?.shape == [8, 8, 16])
    for layer in report.layers {
      for at in layer.alphas {
        #expect(at.samples + at.zeroNorm + at.nonFinite == 500, "\(layer.name)")
        #expect(at.oneMinusCos.p5 <= at.oneMinusCos.p95, "\(layer.name)")
      }
    }
    // As samples/README.md states.
    #expect(report.output.first { $0.alpha == 0.5 }?.accuracy == 0.958)
  }

  @Test func theAnswerIsTheFirstLineAndCanBeTheExitCode() throws {
    let models = [Sample.cnn("task-a-1"), Sample.cnn("independent")]
    let plain = try bench.probe(models + ["--data", Self.test])
    #expect(plain.code == 0)
    #expect(plain.text.hasPrefix("Broken: "))
    let strict = try bench.probe(models + ["--data", Self.test, "--fail-on", "broken"])
    #expect(strict.code == 1)
    let linear = try bench.probe([
      Sample.mlp("task-a-1"), Sample.mlp("task-a-3"), "--data", Self.test, "--fail-on", "weak",
    ])
    #expect(linear.code == 0 && linear.text.hasPrefix("Linear: "))
  }

  @Test func aMergedFileIsTheModelThatWasProbedBefore() throws {
    let models = [Sample.cnn("task-a-1"), Sample.cnn("task-b")]
    try bench.done(["interpolate"] + models + ["--alpha", "0.3", "-o", "merged.h5"])
    let before = try bench.probe(models + ["--data", Self.test, "--alphas", "0.3", "--json"])
    let after = try bench.probe(
      models + ["--data", Self.test, "--merged", "merged.h5", "--alpha", "0.3", "--json"])
    let (one, other) = (try before.json(Linearity.self), try after.json(Linearity.self))
    for (a, b) in zip(one.layers, other.layers) {
      #expect(a.alphas[0].oneMinusCos.mean == b.alphas[0].oneMinusCos.mean, "\(a.name)")
    }
    #expect(one.output.map(\.accuracy) == other.output.map(\.accuracy))
  }

  @Test(arguments: ["f.h5", "f.npz", "f.safetensors"])
  func featuresAreWrittenInTheFormatOfTheName(name: String) throws {
    let run = try bench.probe([
      "features", Sample.mlp("task-a-1"), "--data", Self.test, "--limit", "3", "-o", name,
    ])
    #expect(run.code == 0, "\(run)")
    let inspection = try bench.inspect(name)
    let shapes = Dictionary(
      inspection.tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    #expect(
      shapes == [
        "flatten": [3, 64], "hidden_1": [3, 64], "hidden_2": [3, 64], "digit": [3, 10],
      ])
  }

  @Test func reportsAreWrittenToFilesOnlyWhenTheyAreWhole() throws {
    let models = [Sample.mlp("task-a-1"), Sample.mlp("task-b")]
    let run = try bench.probe(
      models + ["--data", Self.test, "--html", "r.html", "--csv", "r.csv"])
    #expect(run.code == 0)
    let page = String(decoding: try bench.folder.bytes("r.html"), as: UTF8.self)
    #expect(page.hasPrefix("<!DOCTYPE html>") && !page.contains("http://"))
    let again = try bench.probe(models + ["--data", Self.test, "--html", "r.html"])
    #expect(again.code == 74 || again.code == 64, "\(again)")
    #expect(try bench.folder.leftovers.isEmpty)
  }

  @Test func weightsAloneNeedTheirArchitecture() throws {
    let run = try bench.probe([
      "evaluate", "\(Sample.folder)/mlp/task-a-1.weights.h5", "--data", Self.test,
    ])
    #expect(run.code == 2)
    #expect(run.errors.contains("--architecture"), "\(run)")
  }

  @Test func networksOfDifferentArchitectureAreToldApart() throws {
    let run = try bench.probe([
      Sample.cnn("task-a-1"), Sample.mlp("task-a-1"), "--data", Self.test,
    ])
    #expect(run.code == 2)
    #expect(run.errors.contains("another network"), "\(run)")
  }
}

import Networks
import Terminal
import Testing

@testable import Probing

@Suite("JSON")
struct JSONViewTests {
  private func parsed(_ report: some RenderableReport) throws -> JSONValue {
    try #require(JSONValue(parsing: jsonText(report.jsonView)))
  }

  private static let quantiles: Set = [
    "mean", "std", "stderr", "min", "p5", "p25", "p50", "p75", "p95", "max",
  ]

  /// The names of an object's members; none of anything else.
  private func keys(_ value: JSONValue?, _ path: String...) -> Set<String> {
    let end = path.reduce(value) { value, name in
      Int(name).map { value?[$0] } ?? value?[name]
    }
    return Set((end?.object ?? [:]).keys)
  }

  @Test("linearity has the keys of the contract")
  func linearity() throws {
    var fixtures = ReportFixtures()
    let json = try parsed(fixtures.linearity(NamedLayer.perceptron, culprit: 3))
    let top: Set = [
      "schema", "verb", "models", "data", "bn", "alphas", "layers", "output", "accuracy", "verdict",
      "warnings", "per_data",
    ]
    #expect(keys(json).isSuperset(of: top))
    #expect(json["schema"]?.string == "ctl-probe/1")
    #expect(keys(json, "models", "0").isSuperset(of: ["file", "sha256"]))
    #expect(keys(json, "data", "0").isSuperset(of: ["file", "samples"]))
    let layer = try #require(json["layers"]?[1])
    #expect(keys(layer).isSuperset(of: ["name", "kind", "shape", "baseline", "alphas", "local"]))
    #expect(keys(layer, "baseline", "one_minus_cos") == Self.quantiles)
    let figures = try #require(layer["alphas"]?[1])
    let measures: Set = [
      "alpha", "one_minus_cos", "coef", "relative_error", "to_a", "to_b", "samples", "zero_norm",
      "non_finite",
    ]
    #expect(keys(figures).isSuperset(of: measures))
    for measure in ["one_minus_cos", "coef", "relative_error"] {
      #expect(keys(figures, measure) == Self.quantiles)
    }
    #expect(figures["to_a"]?["one_minus_cos"]?.double != nil)
    #expect(keys(layer, "local", "0").isSuperset(of: ["alpha", "one_minus_cos", "coef"]))
    let output: Set = [
      "alpha", "accuracy", "loss", "ensemble_accuracy", "ensemble_loss", "agreement",
    ]
    #expect(keys(json, "output", "0").isSuperset(of: output))
    #expect(keys(json, "accuracy") == ["a", "b"])
    #expect(keys(json, "verdict").isSuperset(of: ["model", "reason", "alpha", "culprits"]))
    #expect(json["verdict"]?["model"]?.string == "linear")
    #expect(json["verdict"]?["culprits"]?[0]?.string == "dense_1")
  }

  @Test("numbers keep all their digits")
  func precision() throws {
    var fixtures = ReportFixtures()
    let report = fixtures.linearity(NamedLayer.perceptron)
    let json = try parsed(report)
    for (place, layer) in report.union.layers.enumerated() {
      let mean = json["layers"]?[place]?["alphas"]?[1]?["one_minus_cos"]?["mean"]?.double
      #expect(mean == layer.alphas[1].closeness.oneMinusCos?.mean)
    }
  }

  @Test("what is unknown is null and what isn't finite is text")
  func unknown() throws {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron, hasLabels: false)
    report.union.layers[1].alphas[0].closeness = ReportFixtures.unmeasured(nonFinite: 500)
    report.union.output[0].loss = .infinity
    let json = try parsed(report)
    #expect(json["accuracy"] == .null)
    #expect(json["output"]?[1]?["ensemble_accuracy"] == .null)
    #expect(json["output"]?[0]?["loss"]?.string == "inf")
    let figures = json["layers"]?[1]?["alphas"]?[0]
    #expect(figures?["one_minus_cos"] == .null)
    #expect(figures?["non_finite"]?.int == 500)
    #expect(json["layers"]?[0]?["weights"] == .null)
  }

  @Test("several data files stand under per_data")
  func perData() throws {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron)
    var part = report.union
    part.file = "one.h5"
    report.perData = [part, part]
    let json = try parsed(report)
    #expect(json["per_data"]?.array?.count == 2)
    #expect(json["per_data"]?[0]?["file"]?.string == "one.h5")
    #expect(json["per_data"]?[1]?["layers"] == json["layers"])
  }
}

import Networks
import Terminal
import TestSupport
import Testing

@testable import Probing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Schema")
struct SchemaTests {
  private let checker: SchemaChecker

  init() throws {
    let bytes = try Data(contentsOf: URL(filePath: Repository.root + "/docs/probe.schema.json"))
    let text = String(decoding: bytes, as: UTF8.self)
    checker = SchemaChecker(root: try #require(JSONValue(parsing: text)))
  }

  @Test(
    "the JSON of every report has all that the schema asks for and nothing that it doesn't describe"
  )
  func reports() throws {
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all() {
      let json = try #require(JSONValue(parsing: jsonText(report.jsonView)))
      let problems = checker.problems(of: json)
      #expect(problems.isEmpty, "\(name): \(problems.prefix(5))")
    }
  }

  @Test("optional parts have the form that the schema gives them")
  func optionalParts() throws {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron)
    report.merged = "merged.h5"
    report.header.calibration = "train.h5"
    report.union.layers[1].secondOrder = [
      .init(alpha: 0.5, measured: 0.1, predicted: 0.09, cosine: 0.98)
    ]
    report.union.layers[1].fit = .init(alpha: 0.48, residual: 0.02)
    report.union.layers[1].alphas[0].closeness.oneMinusCos?.mean = .nan
    let json = try #require(JSONValue(parsing: jsonText(report.jsonView)))
    #expect(checker.problems(of: json).isEmpty)
    #expect(json["layers"]?[1]?["second_order"]?[0]?["predicted"]?.double == 0.09)
    #expect(json["layers"]?[1]?["fit"]?["alpha"]?.double == 0.48)
  }

  @Test("the schema refuses what lacks a key, has a wrong type or is of no verb")
  func refusals() throws {
    var fixtures = ReportFixtures()
    let json = try #require(
      JSONValue(parsing: jsonText(fixtures.linearity(NamedLayer.perceptron).jsonView)))
    let object = try #require(json.object)
    var lacking = object
    lacking["layers"] = nil
    #expect(!checker.problems(of: .object(lacking)).isEmpty)
    var odd = object
    odd["alphas"] = .string("0.5")
    #expect(!checker.problems(of: .object(odd)).isEmpty)
    var strange = object
    strange["verb"] = .string("guess")
    #expect(!checker.problems(of: .object(strange)).isEmpty)
    var chatty = object
    chatty["mood"] = .string("good")
    #expect(checker.problems(of: .object(chatty)) == ["$.mood isn't described"])
  }
}

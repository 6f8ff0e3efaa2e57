import Networks
import Terminal
import TestSupport
import Testing

@testable import Probing
@testable import Reporting

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite("Pages")
struct PageTests {
  @Test("every page is well-formed and has one heading: the answer")
  func wellFormed() throws {
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all() {
      let page = report.htmlText
      let problem = MarkupChecker.problem(in: page)
      #expect(problem == nil, "\(name): \(problem ?? "")")
      #expect(page.components(separatedBy: "<h1").count == 2, "\(name)")
      let answer = report.terminalText(TerminalStyle()).prefix { $0 != "\n" }
      #expect(
        page.replacing("\u{A0}", with: " ").contains("<h1>\(escaped(String(answer)))</h1>"),
        "\(name)")
    }
  }

  @Test("no page refers to anything outside itself, or runs anything")
  func selfContained() {
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all() {
      let page = report.htmlText
      for word in [
        "<script", "src=", "href=", "url(", "@import", "://", "onload", "<link", "<iframe",
      ] {
        #expect(!page.contains(word), "\(name): \(word)")
      }
      #expect(!page.contains(">nan<") || name == "linearity-no-figures", "\(name)")
      for word in ["NaN", "inf\"", "nan "] where page.contains("=\"\(word)") {
        Issue.record("\(name): a coordinate is \(word)")
      }
    }
  }

  @Test("charts have a title, a text that tells their range, and a legend")
  func accessible() {
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all() {
      let page = report.htmlText
      let charts = page.components(separatedBy: "role=\"img\"").count - 1
      #expect(page.components(separatedBy: "<desc ").count - 1 == charts, "\(name)")
      #expect(charts > 0 || ["evaluate", "features"].contains(name))
    }
    let page = fixtures.linearity(NamedLayer.perceptron).htmlText
    #expect(page.contains("merge at alpha 0.5: from "))
    #expect(page.contains("parents (a against b)"))
  }

  @Test("names from files stay text")
  func escaping() throws {
    var fixtures = ReportFixtures()
    var layers = NamedLayer.perceptron
    let attack = "<script>alert('\"&')</script>\u{1B}\u{FFFE}"
    layers[3].name = attack
    layers[4].kind = attack
    var report = fixtures.linearity(layers, worst: 0.6, culprit: 3)
    report.header.models[0].file = attack
    report.header.data[0].file = attack
    report.header.network = attack
    report.header.warnings = [attack]
    report.union.verdict.reason = attack
    report.union.verdict.advice = [attack]
    let page = report.htmlText
    #expect(MarkupChecker.problem(in: page) == nil)
    #expect(!page.contains("<script") && page.contains("&lt;script&gt;"))
    #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test("the page names every file with its digest, and every layer")
  func complete() {
    var fixtures = ReportFixtures()
    let report = fixtures.linearity(NamedLayer.residual(blocks: 26))
    let page = report.htmlText
    for model in report.header.models {
      #expect(page.contains(model.file) && page.contains(model.sha256))
    }
    for layer in report.union.layers { #expect(page.contains(">\(layer.name)")) }
  }

  @Test("reports of nothing, and of figures that aren't numbers, are rendered all the same")
  func degenerate() throws {
    var fixtures = ReportFixtures()
    var empty = fixtures.linearity([])
    empty.alphas = []
    empty.union.output = []
    empty.union.accuracy = nil
    var wild = fixtures.linearity(NamedLayer.perceptron)
    for (place, value) in [Double.nan, .infinity, -.infinity, 1e308, .leastNonzeroMagnitude, -1]
      .enumerated()
    {
      let all = Summary(
        mean: value, std: value, stderr: value, min: value, p5: value, p25: value, p50: value,
        p75: value, p95: value, max: value)
      wild.union.layers[place].baseline.oneMinusCos = all
      wild.union.layers[place].alphas[1].closeness.oneMinusCos = all
      wild.union.layers[place].alphas[1].closeness.coef = all
    }
    wild.union.output[0].accuracy = .nan
    wild.union.output[1].loss = .infinity
    var flat = fixtures.barrier(height: 0)
    flat.union.points = []
    flat.union.lemma.epsilon = .nan
    var nothing = fixtures.decomposition()
    nothing.scales = []
    let reports: [any RenderableReport] = [
      empty, wild, flat, nothing, fixtures.stitch([]), fixtures.matrix(count: 1),
      fixtures.soup(members: 2),
      EvaluationReport(header: ReportFixtures.header("evaluate"), entries: []),
    ]
    for report in reports {
      #expect(MarkupChecker.problem(in: report.htmlText) == nil)
      let coordinate = #/\s(?:d|x|y|points|transform|viewBox)="[^"]*(?:nan|inf)/#
      #expect(!report.htmlText.contains(coordinate))
      #expect(!report.terminalText(TerminalStyle(hasBars: true)).isEmpty)
      #expect(report.csvText.hasSuffix("\r\n"))
      #expect(JSONValue(parsing: jsonText(report.jsonView)) != nil)
    }
  }

  /// To look at: `CTL_PAGES=folder swift test --filter PageTests` leaves all forms of all reports there.
  @Test(
    "the forms can be written out",
    .enabled(if: ProcessInfo.processInfo.environment["CTL_PAGES"] != nil))
  func written() throws {
    let folder = try #require(ProcessInfo.processInfo.environment["CTL_PAGES"])
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all(deep: true) {
      let forms = [
        ("html", report.htmlText), ("csv", report.csvText), ("json", jsonText(report.jsonView)),
        ("txt", report.terminalText(TerminalStyle(isColoured: true, hasBars: true, width: 100))),
      ]
      for (suffix, text) in forms {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name).\(suffix)"))
      }
    }
  }
}

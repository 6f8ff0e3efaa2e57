import Testing

@testable import Probing
@testable import Reporting

@Suite("Terminal")
struct TerminalTextTests {
  private static let deep = NamedLayer.residual(blocks: 26)

  private func text(
    of report: LinearityReport, _ style: TerminalStyle = TerminalStyle()
  ) -> [String] {
    report.terminalText(style).split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
  }

  @Test("the first line is the answer with the decisive figures")
  func firstLine() {
    var fixtures = ReportFixtures()
    #expect(
      text(of: fixtures.linearity(NamedLayer.perceptron))[0]
        == "Linear: this merge works. At alpha 0.5 the logits have 1-cos 0.02 and coef 0.98.")
    let broken = text(of: fixtures.linearity(NamedLayer.perceptron, worst: 0.6, culprit: 3))
    #expect(broken[0].hasPrefix("Broken: this merge doesn't work. At alpha 0.5"))
  }

  @Test("layers stand in the network's order, each on a line of at most the width")
  func order() {
    var fixtures = ReportFixtures()
    let report = fixtures.linearity(Self.deep, worst: 0.4, culprit: 70)
    for width in [80, 100, 140] {
      for style in [TerminalStyle(width: width), TerminalStyle(hasBars: true, width: width)] {
        let lines = text(of: report, style)
        #expect(lines.dropFirst().allSatisfy { $0.count <= width })
        let places = Self.deep.map { layer in
          lines.firstIndex { $0.contains(shortened(layer.name, to: 16).prefix(8)) } ?? -1
        }
        #expect(!places.contains(-1))
        let table = lines.drop { !$0.contains("1-cos  ") && !$0.contains("layer ") }
        #expect(
          table.filter { $0.contains("linear") || $0.contains("broken") || $0.contains("weak") }
            .count >= Self.deep.count)
      }
    }
  }

  @Test("the culprit and the worst layer are marked and named at the end, then the advice")
  func marks() throws {
    var fixtures = ReportFixtures()
    let lines = text(of: fixtures.linearity(NamedLayer.perceptron, worst: 0.6, culprit: 3))
    let row = try #require(lines.first { $0.contains("dense_1 ") })
    #expect(row.hasPrefix("*") || row.hasPrefix("!*"))
    #expect(lines.contains("Culprit: dense_1"))
    #expect(lines.last == "-> Leave the layer out of the merge (--exclude).")
    let sound = text(of: fixtures.linearity(NamedLayer.perceptron))
    #expect(!sound.contains { $0.hasPrefix("!") || $0.hasPrefix("*") || $0.hasPrefix("Culprit") })
  }

  @Test("colours and bars appear only when asked for")
  func colours() {
    var fixtures = ReportFixtures()
    let report = fixtures.linearity(NamedLayer.perceptron)
    let isInk = { (line: String) in line.contains("\u{1B}") }
    let isBar = { (line: String) in line.contains("█") }
    #expect(!text(of: report).contains { isInk($0) || isBar($0) })
    #expect(text(of: report, TerminalStyle(isColoured: true)).contains(where: isInk))
    let bars = text(of: report, TerminalStyle(hasBars: true))
    #expect(bars.contains(where: isBar) && !bars.contains(where: isInk))
  }

  @Test("accuracies run from b at alpha 0 to a at alpha 1")
  func accuracies() throws {
    var fixtures = ReportFixtures()
    let lines = text(of: fixtures.linearity(NamedLayer.perceptron))
    let start = try #require(lines.firstIndex(of: "Output"))
    let labels = lines[(start + 2)...].prefix(5).map { $0.prefix { $0 != " " } }
    #expect(labels == ["0", "0.25", "0.5", "0.75", "1"])
    #expect(lines[start + 2].contains("97.1 %") && lines[start + 6].contains("97.4 %"))
  }

  @Test("without labels there is agreement but no accuracy")
  func noLabels() {
    var fixtures = ReportFixtures()
    let lines = text(of: fixtures.linearity(NamedLayer.perceptron, hasLabels: false))
    #expect(lines.contains { $0.contains("agreement") })
    #expect(!lines.contains { $0.contains("0 (b)") })
  }

  @Test("a layer that isn't finite says nan, a dead one zero")
  func unmeasured() throws {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron)
    for place in report.union.layers[1].alphas.indices {
      report.union.layers[1].alphas[place].closeness = ReportFixtures.unmeasured(nonFinite: 500)
      report.union.layers[3].alphas[place].closeness = ReportFixtures.unmeasured(zeroNorm: 500)
    }
    let lines = text(of: report)
    #expect(try #require(lines.first { $0.contains("dense ") }).contains("nan"))
    #expect(try #require(lines.first { $0.contains("dense_1 ") }).contains("zero"))
  }

  @Test("names from files can't write to the terminal")
  func control() {
    var fixtures = ReportFixtures()
    var layers = NamedLayer.perceptron
    layers[1].name = "dense\u{1B}[2J\r\n"
    var report = fixtures.linearity(layers)
    report.header.warnings = ["odd\u{7}"]
    report.union.verdict.reason = "odd\u{1B}]0;"
    #expect(
      report.terminalText(TerminalStyle()).unicodeScalars.allSatisfy {
        $0.value >= 0x20 || $0 == "\n"
      })
  }

  @Test("long names lose their middle")
  func shortening() {
    #expect(shortened("conv5_block3_out", to: 16) == "conv5_block3_out")
    #expect(shortened("a_very_long_layer_name", to: 9) == "a_ve…name")
    #expect(shortened("abc", to: 1) == "a")
  }
}

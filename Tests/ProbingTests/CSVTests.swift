import Testing

@testable import Probing

@Suite("CSV")
struct CSVTests {
  /// The records of a text, as RFC 4180 reads them.
  private func records(_ text: String) -> [[String]] {
    var records: [[String]] = [[""]]
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending: Unicode.Scalar?
    while let scalar = pending ?? scalars.next() {
      pending = nil
      let last = records.count - 1
      let field = records[last].count - 1
      switch scalar {
      case "\"" where isQuoted:
        pending = scalars.next()
        if pending == "\"" {
          records[last][field].append("\"")
          pending = nil
        } else {
          isQuoted = false
        }
      case "\"": isQuoted = true
      case "," where !isQuoted: records[last].append("")
      case "\r" where !isQuoted: break
      case "\n" where !isQuoted: records.append([""])
      default: records[last][field].unicodeScalars.append(scalar)
      }
    }
    return records.dropLast()
  }

  @Test("every report has the header row and ten fields a record")
  func form() {
    var fixtures = ReportFixtures()
    for (name, report) in fixtures.all() {
      let records = records(report.csvText)
      #expect(
        records.first?.joined(separator: ",")
          == "pair,data,bn,alpha,layer,metric,value,lo,hi,n", "\(name)")
      #expect(
        (records.count > 1 || name == "features") && records.allSatisfy { $0.count == 10 },
        "\(name)")
      #expect(report.csvText.hasSuffix("\r\n"))
    }
  }

  @Test("a figure of a layer stands in one record with its interval and its samples")
  func figures() throws {
    var fixtures = ReportFixtures()
    let report = fixtures.linearity(NamedLayer.perceptron)
    let records = records(report.csvText)
    let layer = report.union.layers[3]
    let summary = try #require(layer.alphas[1].closeness.oneMinusCos)
    let found = records.filter {
      $0[3] == "0.5" && $0[4] == layer.name && $0[5] == "one_minus_cos"
    }
    #expect(found.count == 1)
    let record = try #require(found.first)
    #expect(record[0] == "runs/a.h5 | runs/b.h5" && record[1] == "data/test.h5")
    #expect(record[2] == "interpolate" && record[9] == "500")
    #expect(Double(record[6]) == summary.mean)
    // Student's t at 499 degrees of freedom.
    let half = 1.964729 * summary.stderr
    let low = try #require(Double(record[7]))
    let high = try #require(Double(record[8]))
    #expect(abs(low - (summary.mean - half)) < 1e-6 * half)
    #expect(abs(high - (summary.mean + half)) < 1e-6 * half)
  }

  @Test("names with commas, quotes and ends of lines come back as they were")
  func quoting() {
    var fixtures = ReportFixtures()
    var layers = NamedLayer.perceptron
    layers[0].name = "a,\"b\"\r\nc"
    var report = fixtures.linearity(layers)
    report.header.models[0].file = "\"x\",y"
    let records = records(report.csvText)
    #expect(records.contains { $0[4] == "a,\"b\"\r\nc" })
    #expect(records.dropFirst().allSatisfy { $0[0] == "\"x\",y | runs/b.h5" })
  }

  @Test("what is unknown has no record, and counts of samples left out have one")
  func unknown() {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron, alphas: [0.5], hasLabels: false)
    report.union.layers[1].alphas[0].closeness = ReportFixtures.unmeasured(nonFinite: 7)
    let records = records(report.csvText).filter { $0[4] == "dense" && $0[3] == "0.5" }
    #expect(!records.contains { $0[5] == "one_minus_cos" })
    #expect(records.contains { $0[5] == "non_finite" && Double($0[6]) == 7 })
    #expect(!report.csvText.contains("accuracy"))
  }

  @Test("the union of several files is called all")
  func union() {
    var fixtures = ReportFixtures()
    var report = fixtures.linearity(NamedLayer.perceptron)
    var part = report.union
    part.file = "data/one.h5"
    report.perData = [part, part]
    report.header.data.append(report.header.data[0])
    #expect(Set(records(report.csvText).dropFirst().map { $0[1] }) == ["all", "data/one.h5"])
  }
}

import Testing

@testable import Probing
@testable import Reporting

@Suite("Figures")
struct FigureTests {
  @Test("numbers as tables show them")
  func numbers() {
    #expect(figure(0) == "0" && figure(nil) == "-" && figure(0.012345) == "0.0123")
    #expect(figure(1.2345e-9) == "1.23e-09" && figure(.nan) == "nan")
    #expect(fixed(0.9996, 3) == "1.000" && fixed(-0.0001, 2) == "0.00" && fixed(-1.25, 1) == "-1.3")
    #expect(
      fixed(12, 0) == "12" && fixed(.infinity, 2) == "inf" && fixed(2e9, 1) == "2e+09"
        && fixed(nil, 2) == "-")
    #expect(percent(0.9724) == "97.2 %" && plain(0.5) == "0.5" && plain(1) == "1")
  }

  @Test("a logarithmic axis holds its values, with zeros on a floor of their own")
  func logarithmicAxis() throws {
    let scale = ChartScale(.logarithmic, holding: [0, 3e-5, 0.4, .nan, .infinity])
    #expect(scale.share(0) == 0)
    #expect(scale.ticks.first?.label == "0" && scale.ticks.last?.label == "1")
    let shares = [0, 1e-5, 3e-5, 1e-3, 0.4, 1].map(scale.share)
    #expect(shares == shares.sorted() && Set(shares).count == shares.count)
    #expect(shares.last == 1)
  }

  @Test(
    "an axis of nothing, of zeros or of one value is still an axis",
    arguments: [
      [], [0, 0], [1], [-3, -3], [1e-300], [.nan], [1e9, 1e9 + 1],
    ])
  func degenerate(values: [Double]) {
    for kind in [LineChart.Vertical.linear, .logarithmic, .shares] {
      let scale = ChartScale(kind, holding: values)
      #expect((2...14).contains(scale.ticks.count))
      #expect(scale.ticks.allSatisfy { (0...1).contains($0.share) })
      #expect(values.filter(\.isFinite).allSatisfy { (0...1).contains(scale.share($0)) })
    }
  }

  @Test("rounding stands on the floor of a logarithmic axis")
  func rounding() {
    let scale = ChartScale(.logarithmic, holding: [2e-15, 4e-5, 0.4])
    #expect(scale.ticks.map(\.label) == ["≈ 0", "1e-5", "1e-4", "0.001", "0.01", "0.1", "1"])
    #expect(scale.share(2e-15) == 0 && scale.share(4e-5) > 0.1)
  }

  @Test("a linear axis has round marks")
  func linearAxis() {
    let scale = ChartScale(.linear, holding: [0.943, 1.107])
    #expect(scale.ticks.map(\.label) == ["0.90", "0.95", "1.00", "1.05", "1.10", "1.15"])
    let shares = ChartScale(.shares, holding: [0.885, 0.99])
    #expect(shares.ticks.last?.label == "100 %")
  }
}

/// Maps values to 0...1 along an axis, and tells where its marks stand.
struct ChartScale {
  struct Tick {
    var share: Double
    var label: String
  }

  private let vertical: LineChart.Vertical
  private let low: Double
  private let high: Double
  private let hasZeros: Bool
  private let floorLabel: String
  /// The distance between the marks of a linear axis.
  private let step: Double

  /// What is smaller is rounding; on a logarithmic axis it would leave the figures no room.
  private static let nothing = 1e-9

  /// An axis that holds the values; those that aren't finite are left out.
  init(_ vertical: LineChart.Vertical, holding values: [Double]) {
    // Far beyond any figure, so that the range and its marks stay finite.
    let finite = values.filter { $0.magnitude < 1e300 }
    self.vertical = vertical
    switch vertical {
    case .logarithmic:
      let decades = finite.filter { $0 >= Self.nothing }.map(decimalLogarithm)
      hasZeros = finite.contains { $0 < Self.nothing }
      floorLabel = finite.contains { $0 > 0 && $0 < Self.nothing } ? "≈ 0" : "0"
      let floor = (decades.min() ?? -7).rounded(.down)
      // 1 - cos ends at 2: an axis to 10 would be a third empty.
      let greatest = decades.max() ?? -6
      high = greatest > 0 && greatest < 0.302 ? 0.302 : max(greatest.rounded(.up), floor + 1)
      step = 1
      low = floor - (hasZeros ? 1 : 0)
    case .linear, .shares:
      hasZeros = false
      floorLabel = ""
      var least = finite.min() ?? 0
      var greatest = finite.max() ?? 1
      if greatest - least < 1e-9 * max(1, greatest.magnitude) {
        let margin = max(0.05, greatest.magnitude * 0.05)
        least -= margin
        greatest += margin
      }
      let step = Self.step(for: greatest - least)
      self.step = step
      var bottom = (least / step).rounded(.down) * step
      var top = (greatest / step).rounded(.up) * step
      if vertical == .shares {
        bottom = max(0, bottom)
        top = min(1, max(top, bottom + step))
      }
      low = bottom
      high = top
    }
  }

  /// The share of the axis, 0 at its beginning; values beyond an end stand on it.
  func share(_ value: Double) -> Double {
    guard value.isFinite else { return value > 0 ? 1 : 0 }
    var place = value
    if vertical == .logarithmic {
      place = value >= Self.nothing ? decimalLogarithm(value) : low
    }
    guard high > low else { return 0 }
    return min(1, max(0, (place - low) / (high - low)))
  }

  /// The marks of the axis.
  var ticks: [Tick] {
    switch vertical {
    case .logarithmic:
      let first = hasZeros ? low + 1 : low
      let every = max(1, ((high - first) / 9).rounded(.up))
      let decades = stride(from: first, through: high, by: every).map { decade in
        Tick(share: (decade - low) / (high - low), label: Self.decadeLabel(Int(decade)))
      }
      return (hasZeros ? [Tick(share: 0, label: floorLabel)] : []) + decades
    case .linear, .shares:
      let count = Int(((high - low) / step).rounded())
      return (0...max(1, count)).map { place in
        let value = low + Double(place) * step
        return Tick(share: share(value), label: label(value))
      }
    }
  }

  /// 1, 2 or 5 times a power of ten, so that about five steps make the range.
  private static func step(for range: Double) -> Double {
    guard range.isFinite, range > 0 else { return 1 }
    let exponent = decimalLogarithm(range / 5).rounded(.down)
    var power = 1.0
    for _ in 0..<Int(exponent.magnitude) { power = exponent < 0 ? power / 10 : power * 10 }
    let multiple = range / 5 / power
    return power * (multiple < 1.4 ? 1 : multiple < 3.2 ? 2 : multiple < 7.1 ? 5 : 10)
  }

  private func label(_ value: Double) -> String {
    let shown = vertical == .shares ? value * 100 : value
    let shownStep = vertical == .shares ? step * 100 : step
    let decades = decimalLogarithm(shownStep)
    let places = decades >= 0 ? 0 : Int((-decades - 1e-9).rounded(.up))
    let text = places > 5 ? figure(shown) : fixed(shown, places)
    return vertical == .shares ? text + " %" : text
  }

  private static func decadeLabel(_ decade: Int) -> String {
    switch decade {
    case 0: "1"
    case -3 ... -1: "0." + String(repeating: "0", count: -decade - 1) + "1"
    default: "1e\(decade)"
    }
  }
}

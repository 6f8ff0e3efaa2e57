/// How the lines of one series look: a class of the page's style, and marks that differ in shape too.
struct SeriesStyle {
  private let role: LineChart.Series.Role
  private let isDashed: Bool

  init(_ series: LineChart.Series) {
    role = series.role
    isDashed = series.isDashed
  }

  /// The classes, which carry the colour in light and in dark, and the dashes.
  var name: String { isDashed ? colourName + " dashed" : colourName }

  private var colourName: String {
    switch role {
    case .reference: "reference"
    case .hue(let place): "hue\(place % 4)"
    case .shade: "shade"
    }
  }

  /// The colour of a shade, of middle lightness for light and dark pages; empty for the others.
  var colour: String {
    guard case .shade(let share) = role else { return "" }
    return
      "--c:\(Self.colour(at: share, of: [[0x5B, 0x6F, 0xD0], [0x1E, 0x9E, 0x89], [0xC9, 0x8A, 0x27]]))"
  }

  /// The colour at a share of the way through some colours.
  static func colour(at share: Double, of stops: [[Int]]) -> String {
    let place = min(1, max(0, share)) * Double(stops.count - 1)
    let first = min(Int(place), max(0, stops.count - 2))
    let rest = place - Double(first)
    let parts = zip(stops[first], stops[min(first + 1, stops.count - 1)]).map { from, to in
      Int((Double(from) + rest * Double(to - from)).rounded())
    }
    return "rgb(\(parts.map(String.init).joined(separator: ",")))"
  }

  /// The path of a mark: circle, square, diamond or triangle.
  func mark(x: Double, y: Double, radius r: Double) -> String {
    switch role {
    case .hue(1):
      let s = r * 0.9
      return path([(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)])
    case .hue(2):
      let s = r * 1.25
      return path([(x, y - s), (x + s, y), (x, y + s), (x - s, y)])
    case .hue(3):
      let s = r * 1.15
      return path([(x, y - s), (x + s, y + s * 0.85), (x - s, y + s * 0.85)])
    default:
      return "M\(pixel(x - r)) \(pixel(y))a\(pixel(r)) \(pixel(r)) 0 1 0 \(pixel(2 * r)) 0"
        + "a\(pixel(r)) \(pixel(r)) 0 1 0 \(pixel(-2 * r)) 0Z"
    }
  }

  private func path(_ points: [(Double, Double)]) -> String {
    "M" + points.map { "\(pixel($0.0)) \(pixel($0.1))" }.joined(separator: "L") + "Z"
  }

  /// The path of a cross, for what couldn't be measured.
  static func cross(x: Double, y: Double, radius r: Double) -> String {
    "M\(pixel(x - r)) \(pixel(y - r))L\(pixel(x + r)) \(pixel(y + r))"
      + "M\(pixel(x - r)) \(pixel(y + r))L\(pixel(x + r)) \(pixel(y - r))"
  }
}

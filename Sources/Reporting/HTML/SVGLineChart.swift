/// Draws lines with bands, marks and levels.
struct SVGLineChart {
  let chart: LineChart
  /// Tells the page's charts apart.
  let identifier: String

  private let left = 66.0
  private let top = 18.0
  private let plotHeight = 300.0
  private let scale: ChartScale

  init(_ chart: LineChart, identifier: String) {
    self.chart = chart
    self.identifier = identifier
    let means = chart.series.flatMap { $0.values.compactMap { $0 } }
    // A band may reach down to rounding; two decades below the least mean say enough.
    let floor = (means.filter { $0 > 0 }.min() ?? 0) / 100
    let bands = chart.series.flatMap { $0.band.compactMap { $0 } }.flatMap {
      [chart.vertical == .logarithmic ? max($0.lowerBound, floor) : $0.lowerBound, $0.upperBound]
    }
    scale = ChartScale(
      chart.vertical,
      holding: means + bands.filter { $0 > 0 || chart.vertical != .logarithmic }
        + chart.levels.map(\.value))
  }

  // MARK: Geometry

  private var placeCount: Int {
    switch chart.horizontal {
    case .names(_, let names): names.count
    case .numbers(_, let numbers): numbers.count
    }
  }

  /// Few layers get room, many are drawn so that a desktop shows the whole network at once.
  private var spacing: Double {
    switch placeCount {
    case ...10: 76
    case ...24: 36
    case ...66: 15
    default: max(5, (1050 - left - right) / Double(placeCount))
    }
  }

  /// The distance between names that are written: of many only every second or third is.
  private var labelStep: Int { max(1, Int((13 / spacing).rounded(.up))) }

  private var plotWidth: Double {
    if case .numbers = chart.horizontal { return 760 }
    return max(760, Double(placeCount) * spacing)
  }

  private var right: Double {
    chart.levels.map { 14 + 6.4 * Double($0.label.count) }.max() ?? 24
  }

  private var width: Double { left + plotWidth + right }

  private var labelHeight: Double {
    guard case .names(_, let names) = chart.horizontal else { return 22 }
    let longest = names.map { shortened($0, to: Self.labelLength).count }.max() ?? 0
    return 16 + Double(longest) * 5.6
  }

  private var height: Double { top + plotHeight + labelHeight + 22 }

  private static let labelLength = 24

  private func x(_ place: Int) -> Double {
    switch chart.horizontal {
    case .names(_, let names):
      return left + plotWidth * (Double(place) + 0.5) / Double(max(1, names.count))
    case .numbers(_, let numbers):
      let least = numbers.min() ?? 0
      let range = (numbers.max() ?? 1) - least
      return left + plotWidth * (range > 0 ? (numbers[place] - least) / range : 0.5)
    }
  }

  private func y(_ value: Double) -> Double {
    top + plotHeight * (1 - scale.share(value))
  }

  private func placeName(_ place: Int) -> String {
    switch chart.horizontal {
    case .names(_, let names): names[place]
    case .numbers(let title, let numbers): "\(title) \(plain(numbers[place]))"
    }
  }

  // MARK: Drawing

  /// The chart in a box that scrolls sideways, and its legend.
  var text: String {
    let parts =
      [axes, levels] + chart.series.enumerated().map { band($1, at: $0) }
      + chart.series.enumerated().map { line($1, at: $0) }
    let svg = element(
      "svg",
      [
        "viewBox": "0 0 \(pixel(width)) \(pixel(height))", "role": "img",
        "aria-labelledby": "\(identifier)-title \(identifier)-text",
        "style": "min-width:\(pixel(width * (placeCount > 24 ? 1 : 0.8)))px;"
          + "max-width:\(pixel(width * 1.25))px",
      ],
      element("title", ["id": "\(identifier)-title"], escaped(chart.summary))
        + element("desc", ["id": "\(identifier)-text"], escaped(wordsForFigures)) + parts.joined())
    return element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": chart.summary],
      svg) + legend
  }

  /// The chart in words: where each line has its least and its greatest value.
  private var wordsForFigures: String {
    chart.series.map { series in
      let known = series.values.enumerated().compactMap { place, value in
        value.flatMap { $0.isFinite ? (place: place, value: $0) : nil }
      }
      guard let least = known.min(by: { $0.value < $1.value }),
        let greatest = known.max(by: { $0.value < $1.value })
      else { return "\(series.name): no figures." }
      return "\(series.name): from \(valueText(least.value)) (\(placeName(least.place))) to "
        + "\(valueText(greatest.value)) (\(placeName(greatest.place)))."
    }.joined(separator: " ")
  }

  private func valueText(_ value: Double) -> String {
    chart.vertical == .shares ? percent(value) : figure(value)
  }

  private var axes: String {
    var parts: [String] = []
    for tick in scale.ticks {
      let y = top + plotHeight * (1 - tick.share)
      parts.append(
        element(
          "line",
          [
            "class": "grid", "x1": pixel(left), "x2": pixel(left + plotWidth), "y1": pixel(y),
            "y2": pixel(y),
          ]))
      parts.append(
        label(tick.label, x: left - 8, y: y + 4, anchor: "end"))
    }
    let middle = top + plotHeight / 2
    parts.append(
      element(
        "text",
        [
          "class": "axis", "text-anchor": "middle",
          "transform": "translate(14 \(pixel(middle))) rotate(-90)",
        ], escaped(chart.verticalTitle)))
    return parts.joined() + horizontalAxis
  }

  private var horizontalAxis: String {
    let bottom = top + plotHeight
    switch chart.horizontal {
    case .names(let title, let names):
      let faults = names.indices.filter { chart.faults.contains(names[$0]) }
      let labels = names.enumerated().map { place, name -> String in
        // A name at fault is always written, and its neighbours make room.
        let isNear = faults.contains { abs($0 - place) < labelStep && $0 != place }
        guard faults.contains(place) || (place % labelStep == 0 && !isNear) else { return "" }
        return element(
          "text",
          [
            "class": chart.faults.contains(name) ? "tick broken" : "tick", "text-anchor": "end",
            "transform": "translate(\(pixel(x(place) + 3)) \(pixel(bottom + 14))) rotate(-60)",
          ], escaped(shortened(name, to: Self.labelLength)))
      }
      return labels.joined() + axisTitle(title)
    case .numbers(let title, let numbers):
      // Every number where there is room for it.
      let every = max(1, numbers.count / 11)
      let labels = numbers.indices.filter { $0 % every == 0 }.map {
        label(plain(numbers[$0]), x: x($0), y: bottom + 18, anchor: "middle")
      }
      return labels.joined() + axisTitle(title)
    }
  }

  private func axisTitle(_ title: String) -> String {
    element(
      "text",
      [
        "class": "axis", "text-anchor": "middle", "x": pixel(left + min(plotWidth, 900) / 2),
        "y": pixel(height - 6),
      ], escaped(title))
  }

  private func label(_ text: String, x: Double, y: Double, anchor: String) -> String {
    element(
      "text", ["class": "tick", "text-anchor": anchor, "x": pixel(x), "y": pixel(y)], escaped(text))
  }

  /// The lines across, with labels that keep out of each other's way.
  private var levels: String {
    var lowest = -Double.infinity
    return chart.levels.filter(\.value.isFinite).sorted { $0.value > $1.value }.map { level in
      let y = y(level.value)
      let labelY = max(y + 4, lowest + 13)
      lowest = labelY
      return element(
        "line",
        [
          "class": "level", "x1": pixel(left), "x2": pixel(left + plotWidth), "y1": pixel(y),
          "y2": pixel(y),
        ]) + label(level.label, x: left + plotWidth + 6, y: labelY, anchor: "start")
    }.joined()
  }

  /// The places without a gap between them.
  private func runs(where isKnown: (Int) -> Bool) -> [[Int]] {
    var runs: [[Int]] = []
    for place in 0..<placeCount where isKnown(place) {
      if let last = runs.last?.last, last == place - 1 {
        runs[runs.count - 1].append(place)
      } else {
        runs.append([place])
      }
    }
    return runs
  }

  private func band(_ series: LineChart.Series, at place: Int) -> String {
    runs { series.band.indices.contains($0) && series.band[$0] != nil }.map { run in
      let upper = run.map { "\(pixel(x($0))) \(pixel(y(series.band[$0]?.upperBound ?? 0)))" }
      let lower = run.reversed().map {
        "\(pixel(x($0))) \(pixel(y(series.band[$0]?.lowerBound ?? 0)))"
      }
      let style = SeriesStyle(series)
      return element(
        "path",
        [
          "class": "band \(style.name)", "style": style.colour,
          "d": "M" + (upper + lower).joined(separator: "L") + "Z",
        ])
    }.joined()
  }

  private func line(_ series: LineChart.Series, at place: Int) -> String {
    let style = SeriesStyle(series)
    let lines = runs { series.values.indices.contains($0) && series.values[$0]?.isFinite == true }
      .filter { $0.count > 1 }.map { run in
        element(
          "path",
          [
            "class": "line \(style.name)", "style": style.colour,
            "d": "M"
              + run.map { "\(pixel(x($0))) \(pixel(y(series.values[$0] ?? 0)))" }.joined(
                separator: "L"),
          ])
      }
    let radius = placeCount > 66 ? 1.5 : placeCount > 24 ? 2.2 : 3.4
    let marks = series.values.enumerated().compactMap { place, value -> String? in
      guard let value, place < placeCount else { return nil }
      let words = "\(placeName(place)), \(series.name): "
      guard value.isFinite else {
        return element(
          "path",
          [
            "class": "fault", "d": SeriesStyle.cross(x: x(place), y: top + 6, radius: radius + 1.5),
          ], element("title", [:], escaped(words + "not finite")))
      }
      return element(
        "path",
        [
          "class": "mark \(style.name)", "style": style.colour,
          "d": style.mark(x: x(place), y: y(value), radius: radius),
        ], element("title", [:], escaped(words + valueText(value))))
    }
    return lines.joined() + marks.joined()
  }

  private var legend: String {
    guard chart.series.count > 1 else { return "" }
    let items = chart.series.map { series in
      let style = SeriesStyle(series)
      let swatch = element(
        "svg", ["viewBox": "0 0 34 12", "class": "swatch", "aria-hidden": "true"],
        element("path", ["class": "line \(style.name)", "style": style.colour, "d": "M1 6L33 6"])
          + element(
            "path",
            [
              "class": "mark \(style.name)", "style": style.colour,
              "d": style.mark(x: 17, y: 6, radius: 3.4),
            ]))
      return element("li", [:], swatch + escaped(series.name))
    }
    let hasFaults = chart.series.contains { $0.values.contains { $0?.isFinite == false } }
    let cross = element(
      "svg", ["viewBox": "0 0 12 12", "class": "swatch narrow", "aria-hidden": "true"],
      element("path", ["class": "fault", "d": SeriesStyle.cross(x: 6, y: 6, radius: 4)]))
    let fault = hasFaults ? element("li", [:], cross + "not finite") : ""
    return element("ul", ["class": "legend"], items.joined() + fault)
  }
}

/// Draws a square of figures; each cell says its figure, so that the colour only helps.
struct SVGHeatMap {
  let map: HeatMap
  let identifier: String

  private let cell = 74.0
  private let left = 150.0
  private let top = 110.0

  private var size: Double { Double(map.names.count) * cell }

  var text: String {
    let width = left + size + 70
    let height = top + size + 10
    let words = map.cells.filter { $0.row < $0.column }.map(\.note).joined(separator: ". ")
    let svg = element(
      "svg",
      [
        "viewBox": "0 0 \(pixel(width)) \(pixel(height))", "role": "img",
        "aria-labelledby": "\(identifier)-title \(identifier)-text",
        "style": "min-width:\(pixel(width * 0.85))px;max-width:\(pixel(width * 1.1))px",
      ],
      element("title", ["id": "\(identifier)-title"], escaped(map.summary))
        + element("desc", ["id": "\(identifier)-text"], escaped(words)) + names + squares)
    return element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": map.summary], svg)
  }

  private var names: String {
    map.names.enumerated().map { place, name in
      let middle = (Double(place) + 0.5) * cell
      let short = escaped(shortened(name, to: 20))
      return element(
        "text",
        [
          "class": "tick", "text-anchor": "end", "x": pixel(left - 8),
          "y": pixel(top + middle + 4),
        ], short)
        + element(
          "text",
          [
            "class": "tick", "text-anchor": "start",
            "transform": "translate(\(pixel(left + middle)) \(pixel(top - 8))) rotate(-45)",
          ], short)
    }.joined()
  }

  private var squares: String {
    let diagonal = map.names.indices.map { place in
      square(row: place, column: place, ["class": "diagonal"], "")
    }
    let filled = map.cells.map { item in
      let share =
        switch map.scale {
        case .decades: decadeShare(item.value, decades: 4) ?? 1
        case .magnitudes: min(1, item.value.magnitude)
        }
      let colour = SeriesStyle.colour(
        at: share,
        of: [[0xE4, 0xF1, 0xF8], [0x9C, 0xCB, 0xE3], [0xF3, 0xC0, 0x5A], [0xB8, 0x3A, 0x0A]])
      let x = left + (Double(item.column) + 0.5) * cell
      let y = top + (Double(item.row) + 0.5) * cell
      let ink = share > 0.9 ? "#fff" : "#111"
      return element(
        "g", [:],
        element("title", [:], escaped(item.note))
          + square(row: item.row, column: item.column, ["style": "fill:\(colour)"], "")
          + element(
            "text",
            [
              "class": "cell", "text-anchor": "middle", "x": pixel(x), "y": pixel(y),
              "style": "fill:\(ink)",
            ], escaped(figure(item.value)))
          + (item.grade.map { grade in
            element(
              "text",
              [
                "class": "cell grade", "text-anchor": "middle", "x": pixel(x), "y": pixel(y + 15),
                "style": "fill:\(ink)",
              ], escaped(grade.rawValue))
          } ?? ""))
    }
    return diagonal.joined() + filled.joined()
  }

  private func square(
    row: Int, column: Int, _ attribute: KeyValuePairs<String, String>, _ content: String
  ) -> String {
    let x = left + Double(column) * cell + 1
    let y = top + Double(row) * cell + 1
    let extra = attribute.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
    return "<rect x=\"\(pixel(x))\" y=\"\(pixel(y))\" width=\"\(pixel(cell - 2))\" "
      + "height=\"\(pixel(cell - 2))\" rx=\"3\"\(extra)/>"
  }
}

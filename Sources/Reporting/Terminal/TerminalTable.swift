/// Lays a table out in the columns of a terminal.
struct TerminalTable {
  let table: Table
  let style: TerminalStyle

  private static let gap = 2
  private static let barWidth = 8

  /// The lines: the titles, the rows, the legend of marks.
  var lines: [String] {
    let columns = fittingColumns()
    let widths = widths(of: columns)
    let titles = columns.map { Table.Cell(table.columns[$0].title) }
    let head = line(titles, of: columns, widths: widths)
    let body = table.rows.map { row in
      line(columns.map { row[$0] }, of: columns, widths: widths, isPainted: true)
    }
    return [style.paint(head, .bold)] + body + table.legend.map { style.paint($0, .dim) }
  }

  /// The places of the columns that are shown: those of least use go first.
  private func fittingColumns() -> [Int] {
    var places = table.columns.indices.filter { !table.columns[$0].isOnPageOnly && !isUnused($0) }
    while places.reduce(0, { $0 + leastWidth($1) + Self.gap }) - Self.gap > style.width,
      let last = places.map({ table.columns[$0].rank }).max(), last > 0
    {
      // Columns of one rank say something together.
      places.removeAll { table.columns[$0].rank == last }
    }
    return places
  }

  /// Bars are for terminals; a column in which no row has a text says nothing.
  private func isUnused(_ place: Int) -> Bool {
    if isBar(place) { return !style.hasBars }
    return !table.rows.isEmpty && table.rows.allSatisfy { $0[place].text.isEmpty }
  }

  private func isBar(_ place: Int) -> Bool {
    table.rows.contains { $0[place].bar != nil && $0[place].text.isEmpty }
  }

  private func naturalWidth(_ place: Int) -> Int {
    if isBar(place) { return max(Self.barWidth, table.columns[place].title.count) }
    return table.rows.reduce(table.columns[place].title.count) { max($0, $1[place].text.count) }
  }

  private func leastWidth(_ place: Int) -> Int {
    let natural = naturalWidth(place)
    return min(natural, table.columns[place].leastWidth ?? natural)
  }

  /// The least widths, and what is left shared out from the left among those that want more.
  private func widths(of columns: [Int]) -> [Int] {
    var widths = columns.map(leastWidth)
    var left = style.width - widths.reduce(0, +) - Self.gap * max(0, columns.count - 1)
    for (place, column) in columns.enumerated() where left > 0 {
      let more = min(left, naturalWidth(column) - widths[place])
      widths[place] += more
      left -= more
    }
    return widths
  }

  private func line(
    _ cells: [Table.Cell], of columns: [Int], widths: [Int], isPainted: Bool = false
  ) -> String {
    var pieces: [String] = []
    for (place, cell) in cells.enumerated() {
      let text =
        isBar(columns[place]) && isPainted ? bar(cell.bar) : shortened(cell.text, to: widths[place])
      let space = String(repeating: " ", count: max(0, widths[place] - text.count))
      let ink = isPainted ? cell.grade.map(TerminalStyle.ink) : nil
      let painted = style.paint(text, ink)
      let isLast = place == cells.count - 1
      switch table.columns[columns[place]].alignment {
      case .leading: pieces.append(isLast ? painted : painted + space)
      case .trailing: pieces.append(space + painted)
      }
    }
    return pieces.joined(separator: String(repeating: " ", count: Self.gap))
  }

  /// A bar of eighths of a column.
  private func bar(_ share: Double?) -> String {
    guard let share else { return "" }
    let eighths = Int((min(1, max(0, share)) * Double(Self.barWidth * 8)).rounded())
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }
}

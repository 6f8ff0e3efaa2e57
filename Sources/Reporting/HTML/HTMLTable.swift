/// A table in a box that scrolls sideways, with all columns that say something.
struct HTMLTable {
  let table: Table
  let title: String

  var text: String {
    let columns = table.columns.indices.filter { place in
      table.rows.isEmpty
        || table.rows.contains { !$0[place].text.isEmpty || $0[place].bar != nil }
    }
    let titles = columns.map { head(table.columns[$0]) }.joined()
    let body = table.rows.map { row in
      element("tr", [:], columns.map { cell(row[$0], of: table.columns[$0]) }.joined())
    }
    let content =
      element("thead", [:], element("tr", [:], titles)) + element("tbody", [:], body.joined())
    let box = element(
      "div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": title],
      element("table", [:], content))
    return box + legend(of: columns)
  }

  private func head(_ column: Table.Column) -> String {
    let name = column.title.isEmpty ? "<span class=\"hidden\">mark</span>" : escaped(column.title)
    return element("th", ["scope": "col", "class": classes(column)], name)
  }

  private func classes(_ column: Table.Column) -> String {
    var classes =
      switch column.alignment {
      case .leading: "leading"
      case .trailing: "trailing"
      }
    // The row's name stays in sight; what a terminal leaves out first has no room on a phone either.
    if column.leastWidth != nil, column.rank == 0 { classes += " name" }
    if column.rank > 1 { classes += " minor" }
    return classes
  }

  private func cell(_ cell: Table.Cell, of column: Table.Column) -> String {
    let grade = cell.text.isEmpty ? "" : cell.grade.map { " " + $0.rawValue } ?? ""
    if cell.text.isEmpty, let bar = cell.bar {
      let length = "width:\(fixed(bar * 100, 0))%"
      let fill = element("span", ["class": cell.grade?.rawValue ?? "", "style": length], "")
      return element(
        "td", ["class": "leading"],
        element("span", ["class": "bar", "aria-hidden": "true"], fill))
    }
    return element("td", ["class": classes(column) + grade], escaped(cell.text))
  }

  /// What the marks mean, and the columns whose titles don't tell.
  private func legend(of columns: [Int]) -> String {
    let meanings = columns.compactMap { place -> String? in
      let column = table.columns[place]
      guard !column.meaning.isEmpty else { return nil }
      return element("b", [:], escaped(column.title)) + " " + escaped(column.meaning)
    }
    let marks = table.legend.map { element("p", ["class": "note"], escaped($0)) }.joined()
    guard !meanings.isEmpty else { return marks }
    return marks
      + element(
        "details", ["class": "note"],
        element("summary", [:], "What the columns hold") + meanings.joined(separator: "; "))
  }
}

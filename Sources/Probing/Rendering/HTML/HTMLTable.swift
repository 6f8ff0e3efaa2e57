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
    return element("th", ["scope": "col", "class": alignment(column)], name)
  }

  private func alignment(_ column: Table.Column) -> String {
    switch column.alignment {
    case .leading: "leading"
    case .trailing: "trailing"
    }
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
    return element("td", ["class": alignment(column) + grade], escaped(cell.text))
  }

  /// What the marks mean, and the columns whose titles don't tell.
  private func legend(of columns: [Int]) -> String {
    let meanings = columns.compactMap { place -> String? in
      let column = table.columns[place]
      guard !column.meaning.isEmpty else { return nil }
      return element("b", [:], escaped(column.title)) + " " + escaped(column.meaning)
    }
    let lines =
      table.legend.map(escaped) + (meanings.isEmpty ? [] : [meanings.joined(separator: "; ")])
    return lines.map { element("p", ["class": "note"], $0) }.joined()
  }
}

/// A document as a person reads it in a terminal: the answer, what was measured, the tables, and at
/// the end what is at fault and what to do.
package func terminalText(_ document: Document, style: TerminalStyle) -> String {
  let ink = document.grade.map(TerminalStyle.ink)
  var lines = [style.isColoured ? style.paint(document.headline, ink ?? .bold) : document.headline]
  lines += wrapped(document.subject, to: style.width, indent: "  ").map { style.paint($0, .dim) }
  for section in document.sections {
    guard case .table(let table) = section.content, !table.rows.isEmpty else { continue }
    lines += ["", style.paint(section.title, .bold)]
    lines += TerminalTable(table: table, style: style).lines
  }
  if !document.answersByFile.isEmpty {
    lines += ["", style.paint("By data set file", .bold)]
    for answer in document.answersByFile {
      let words = style.paint(answer.grade.rawValue, TerminalStyle.ink(answer.grade))
      lines += wrapped(
        "\(shown(answer.part)): \(words). \(sentence(shown(answer.reason)))", to: style.width,
        indent: "  ")
    }
  }
  lines += closing(of: document, style: style)
  return lines.joined(separator: "\n")
}

private func closing(of document: Document, style: TerminalStyle) -> [String] {
  var lines: [String] = []
  if !document.warnings.isEmpty {
    lines.append("")
    for warning in document.warnings {
      let text = wrapped("warning: \(shown(warning))", to: style.width, indent: "  ")
      lines += text.map { style.paint($0, .yellow) }
    }
  }
  if !document.culprits.isEmpty {
    let names = document.culprits.map(shown).joined(separator: ", ")
    let text = wrapped("Culprit: \(names)", to: style.width, indent: "  ")
    lines += [""] + text.map { style.paint($0, .red) }
  }
  if !document.advice.isEmpty {
    lines.append("")
    for advice in document.advice {
      lines += wrapped("-> \(sentence(shown(advice)))", to: style.width, indent: "   ")
    }
  }
  return lines
}

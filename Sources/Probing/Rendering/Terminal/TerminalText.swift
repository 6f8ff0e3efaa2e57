internal import Checkpoints

/// A document as a person reads it in a terminal: the answer, what was measured, the tables, and at
/// the end what is at fault and what to do.
func terminalText(_ document: Document, style: TerminalStyle) -> String {
  let ink = document.grade.map(TerminalStyle.ink)
  var lines = [style.isColoured ? style.paint(document.headline, ink ?? .bold) : document.headline]
  lines += subject(of: document, width: style.width).map { style.paint($0, .dim) }
  for section in document.sections {
    guard case .table(let table) = section.content, !table.rows.isEmpty else { continue }
    lines += ["", style.paint(section.title, .bold)]
    lines += TerminalTable(table: table, style: style).lines
  }
  if !document.answersByFile.isEmpty {
    lines += ["", style.paint("By data set file", .bold)]
    for (file, verdict) in document.answersByFile {
      let words = style.paint(verdict.model.rawValue, TerminalStyle.ink(verdict.model))
      lines += wrapped(
        "\(shown(file)): \(words). \(sentence(shown(verdict.reason)))", to: style.width,
        indent: "  ")
    }
  }
  lines += closing(of: document, style: style)
  return lines.joined(separator: "\n")
}

/// Which files the figures are of.
private func subject(of document: Document, width: Int) -> [String] {
  let header = document.header
  let models = header.models.map { "\($0.part) = \(shown($0.file))" }.joined(separator: ", ")
  let data = header.data.map { "\(shown($0.file)) (\(counted($0.samples, "sample")))" }
  var about = "\(models); data \(data.joined(separator: ", ")); BatchNorm: \(header.bn)"
  if let calibration = header.calibration { about += " on \(shown(calibration))" }
  if !document.convention.isEmpty { about += "; \(document.convention)" }
  return wrapped(about, to: width, indent: "  ")
}

private func closing(of document: Document, style: TerminalStyle) -> [String] {
  var lines: [String] = []
  if !document.header.warnings.isEmpty {
    lines.append("")
    for warning in document.header.warnings {
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

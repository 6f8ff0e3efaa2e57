/// One page that needs nothing but itself: no script, no network, light and dark, screen and paper.
package struct HTMLPage {
  private let document: Document

  /// The page of a document.
  package init(document: Document) {
    self.document = document
  }

  /// The markup.
  package var text: String {
    let head = element(
      "head", [:],
      element("meta", ["charset": "utf-8"])
        + element(
          "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
        + element("meta", ["name": "color-scheme", "content": "light dark"])
        + element("title", [:], escaped(title)) + "<style>\(PageStyle.text)</style>")
    let sections = document.sections.enumerated().map { section($1, at: $0) }
    let main = [opening, facts, remarks] + sections + [byFile, measured]
    let body = element("body", [:], element("main", [:], main.joined(separator: "\n")))
    return "<!DOCTYPE html>\n" + element("html", ["lang": "en"], head + "\n" + body) + "\n"
  }

  private var files: String { document.files.map(fileName).joined(separator: ", ") }

  private var title: String { "\(document.command): \(files)" }

  private var opening: String {
    element(
      "header", ["class": document.grade?.rawValue ?? ""],
      element(
        "p", ["class": "kicker"], "\(escaped(document.command)) · \(escaped(files))")
        + element("h1", [:], unbroken(document.headline)))
  }

  private var facts: String {
    guard !document.facts.isEmpty else { return "" }
    let cards = document.facts.map { fact in
      element(
        "div", ["class": "card"],
        element("dt", [:], escaped(fact.label))
          + element("dd", ["class": fact.grade?.rawValue ?? ""], unbroken(fact.value))
          + (fact.note.isEmpty ? "" : element("dd", ["class": "note"], unbroken(fact.note))))
    }
    return element("dl", ["class": "cards"], cards.joined())
  }

  /// A figure keeps its percent sign on its line.
  private func unbroken(_ text: String) -> String {
    escaped(text).replacing(" %", with: "\u{A0}%")
  }

  /// Culprits, advice and warnings: what to look at before the figures.
  private var remarks: String {
    var items: [String] = []
    if !document.culprits.isEmpty {
      let names = document.culprits.map { element("code", [:], escaped($0)) }
      items.append(element("p", ["class": "broken"], "Culprit: " + names.joined(separator: ", ")))
    }
    items += document.advice.map { element("p", [:], "→ " + escaped(sentence($0))) }
    items += document.warnings.map {
      element("p", ["class": "weak"], "Warning: " + escaped(sentence($0)))
    }
    return items.isEmpty ? "" : element("aside", [:], items.joined())
  }

  private func section(_ section: Document.Section, at place: Int) -> String {
    let content =
      switch section.content {
      case .table(let table): HTMLTable(table: table, title: section.title).text
      case .lines(let chart): SVGLineChart(chart, identifier: "chart\(place)").text
      case .heat(let map): SVGHeatMap(map: map, identifier: "chart\(place)").text
      }
    let note = section.note.isEmpty ? "" : element("p", ["class": "note"], escaped(section.note))
    return element("section", [:], element("h2", [:], escaped(section.title)) + note + content)
  }

  private var byFile: String {
    guard !document.answersByFile.isEmpty else { return "" }
    let items = document.answersByFile.map { answer in
      element(
        "li", [:],
        element("code", [:], escaped(answer.part)) + ": "
          + element("b", ["class": answer.grade.rawValue], escaped(answer.grade.rawValue))
          + ". " + escaped(sentence(answer.reason)))
    }
    return element(
      "section", [:],
      element("h2", [:], "By data set file") + element("ul", [:], items.joined()))
  }

  /// The header of the report: which bytes the figures are of.
  private var measured: String {
    let list = document.details.map { detail in
      let name = detail.name.isEmpty ? "" : element("code", [:], escaped(detail.name))
      return element("dt", [:], escaped(detail.label))
        + element(
          "dd", [:],
          escaped(detail.before) + name + escaped(detail.after) + digest(detail.sha256))
    }
    return element(
      "section", ["class": "measured"],
      element("h2", [:], "What was measured") + element("dl", [:], list.joined()))
  }

  private func digest(_ sha256: String) -> String {
    sha256.isEmpty
      ? ""
      : element("span", ["class": "digest"], "SHA-256 " + element("code", [:], escaped(sha256)))
  }
}

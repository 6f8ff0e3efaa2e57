import Checkpoints
import Merging
import Reporting

/// The report of `stats` for people: the answer, key figures, tables and charts.
struct StatsDocument {
  private let report: StatsReport
  private let names: [String]

  init(_ report: StatsReport) {
    self.report = report
    names = report.models.map(fileName)
  }

  private var hasBase: Bool { report.base != nil }
  private var vector: String { hasBase ? "task vector" : "model" }

  /// The document.
  ///
  /// - Parameter listsTensors: Whether the figures of every tensor are listed.
  /// - Returns: The document, to be drawn.
  func document(listsTensors: Bool) -> Document {
    let files = (report.base.map { [$0] } ?? []) + report.models
    let subject =
      (report.base.map { "base \(shown($0)); " } ?? "")
      + report.models.enumerated().map { "\($0.offset + 1) = \(shown($0.element))" }
      .joined(separator: ", ") + "; \(counted(report.whole.parameters, "parameter")) in "
      + counted(report.tensors.count, "tensor")
    var details = report.models.enumerated().map {
      Document.Detail(label: "model \($0.offset + 1)", name: $0.element)
    }
    if let base = report.base { details.insert(.init(label: "base", name: base), at: 0) }
    details.append(
      .init(
        label: "vectors",
        before: hasBase ? "task vectors, model - base" : "the models themselves, without a base"))
    var document = Document(
      command: "ctl-merge stats", files: files, headline: headline, grade: grade, subject: subject,
      details: details)
    document.facts = facts
    document.sections = sections(listsTensors: listsTensors)
    document.warnings =
      report.skipped.prefix(20).map {
        "\(shown($0.file)): tensor \(TensorName($0.name)): \($0.reason)"
      }
      + (report.skipped.count > 20
        ? ["\(grouped(report.skipped.count - 20)) more tensors were left out"] : [])
    document.advice = advice
    return document
  }

  private var grade: Grade {
    switch report.origin.sameBase {
    case OriginVerdict.Answer.yes.rawValue: .linear
    case OriginVerdict.Answer.unclear.rawValue: .weak
    default: .broken
    }
  }

  private var headline: String {
    let answer =
      switch OriginVerdict.Answer(rawValue: report.origin.sameBase) {
      case .yes where hasBase: "Same base: the models seem to be tuned from this base"
      case .yes: "Same base: the models seem to come from one checkpoint"
      case .otherBase: "Other base: the models share an origin, but not with this base"
      case .unclear: "Unclear: the weights don't tell whether the models share a base"
      case .no, nil: "Different bases: not all of these models come from one checkpoint"
      }
    return "\(answer). \(sentence(report.origin.reason))"
  }

  private var advice: [String] {
    var advice = report.origin.replaced.prefix(10).map {
      "\(shown($0.layer)) of \(shown($0.model)) doesn't share the origin of the rest (cosine "
        + "\(figure($0.cosine))), like a new head: leave it out with --exclude when merging"
    }
    if grade == .broken {
      advice.append(
        "models of different origins can't be averaged; units in another order look like another "
          + "origin too")
    }
    return advice
  }

  private var facts: [Document.Fact] {
    let whole = report.whole
    var facts: [Document.Fact] = []
    let ratios = whole.relativeNorms.compactMap(\.self)
    if let least = ratios.min(), let most = ratios.max() {
      facts.append(
        .init(
          label: "|τ| / |base|",
          value: least == most ? figure(least) : "\(figure(least)) … \(figure(most))"))
    }
    if let mean = whole.meanCosine {
      facts.append(.init(label: "mean cosine", value: fixed(mean, 4), note: "of \(vector)s"))
    }
    if report.models.count > 1 {
      for conflicts in whole.signConflicts.prefix(3) {
        facts.append(
          .init(
            label: "sign conflicts", value: percent(conflicts.share),
            note: conflicts.density == 1 ? "of all" : "at density \(plain(conflicts.density))"))
      }
    }
    if let t = whole.modelStockT {
      facts.append(.init(label: "model stock t", value: fixed(t, 4), note: "of the whole"))
    }
    return facts
  }

  private func sections(listsTensors: Bool) -> [Document.Section] {
    let tables = StatsTables(report)
    var sections: [Document.Section] = []
    if names.count > 1, names.count <= 32 {
      sections.append(
        .init(
          title: "Cosines between \(vector)s", note: "Near 0 they are orthogonal.",
          content: .heat(heatMap)))
    }
    sections.append(
      .init(title: hasBase ? "Task vectors" : "Models", content: .table(tables.models)))
    if names.count > 1 {
      sections.append(.init(title: "Pairs", content: .table(tables.pairs)))
    }
    if hasBase, names.count > 1 {
      sections.append(
        .init(
          title: "Sign conflicts",
          note: "Of the elements that at least one task vector keeps, by density.",
          content: .table(tables.conflicts)))
    }
    let charts = StatsCharts(report)
    sections += [charts.norms, charts.cosines].compactMap(\.self)
    sections.append(
      .init(
        title: "Layers",
        content: .table(tables.figures(of: report.layers.map { ($0.name, $0.figures) }, "layer"))))
    if listsTensors {
      sections.append(
        .init(
          title: "Tensors",
          content: .table(
            tables.figures(of: report.tensors.map { ($0.name, $0.figures) }, "tensor"))))
    }
    return sections
  }

  private var heatMap: HeatMap {
    let cells = names.indices.flatMap { i in
      names.indices.compactMap { j -> HeatMap.Cell? in
        guard i != j, let cosine = report.whole.cosines[i][j] else { return nil }
        return HeatMap.Cell(
          row: i, column: j, value: cosine,
          note: "\(names[i]) and \(names[j]): cosine \(fixed(cosine, 6))")
      }
    }
    return HeatMap(
      summary: "Cosines between the \(vector)s.", names: names, cells: cells, scale: .magnitudes)
  }
}

internal import Checkpoints
internal import Reporting

extension LinearityReport: DocumentedReport {
  var document: Document {
    let convention = merged.map { "\(shown($0)) is probed as alpha a + (1 - alpha) b" }
    var sections = [
      Document.Section(
        title: "Layers",
        note:
          "The network's order. 1-cos compares the merged model's features with the interpolated "
          + "ones; a merge works where it is far below the parents' own 1-cos.",
        content: .table(layerTable))
    ]
    if union.output.contains(where: { $0.accuracy != nil || $0.agreement != nil }) {
      sections.append(
        Document.Section(
          title: "Output",
          note: "The ensemble averages the logits: what the merge promises before it is made.",
          content: .table(outputTable)))
    }
    return Document(
      header, verdict: union.verdict, meaning: Predicates(subject: "this merge"),
      convention: convention ?? "alpha multiplies a", facts: facts, sections: charts + sections,
      answersByFile: perData.map { ($0.file ?? "", $0.verdict) })
  }

  /// The key figures at the model's output and of the worst layer.
  private var facts: [Document.Fact] {
    var facts: [Document.Fact] = []
    let alpha = union.verdict.alpha
    let at = alpha.map { "at alpha \(plain($0))" } ?? ""
    if let logits = union.layers.last(where: { $0.position == "logits" }) ?? union.layers.last,
      let figures = logits.alphas.first(where: { $0.alpha == alpha }) ?? logits.worst
    {
      let note = "\(shown(logits.name)), \(at.isEmpty ? "worst alpha" : at)"
      facts.append(
        Document.Fact(
          label: "1-cos at the output", value: figures.closeness.distanceText, note: note,
          grade: logits.grade))
      facts.append(
        Document.Fact(
          label: "coef at the output", value: fixed(figures.closeness.coef?.mean, 3), note: note))
    }
    if let output = union.output.first(where: { $0.alpha == alpha }) ?? union.output.first {
      let note = "at alpha \(plain(output.alpha))"
      if let accuracy = output.accuracy {
        facts.append(.init(label: "accuracy of the merge", value: percent(accuracy), note: note))
      }
      if let accuracy = output.ensembleAccuracy {
        facts.append(.init(label: "accuracy of the ensemble", value: percent(accuracy), note: note))
      }
      if let agreement = output.agreement {
        facts.append(.init(label: "same class", value: percent(agreement), note: note))
      }
    }
    if let accuracy = union.accuracy {
      facts.append(
        .init(
          label: "accuracy of a and b",
          value: "\(fixed(accuracy.a * 100, 1)), \(percent(accuracy.b))"))
    }
    return facts
  }

  /// The models' accuracies along alpha, from b to a.
  private var outputTable: Table {
    var rows = union.output.map { output in
      (label: plain(output.alpha), output: output)
    }
    // The parents are the ends of the line; where alpha 0 and 1 weren't asked for they stand in.
    if let accuracy = union.accuracy {
      if !alphas.contains(0) { rows.insert(("0 (b)", Output(end: 0, accuracy.b)), at: 0) }
      if !alphas.contains(1) { rows.append(("1 (a)", Output(end: 1, accuracy.a))) }
    }
    return Table(
      of: rows,
      columns: [
        (.init(title: "alpha", alignment: .leading), { .init($0.label) }),
        (.init(title: "merged"), { .init(percent($0.output.accuracy)) }),
        (.init(title: "ensemble"), { .init(percent($0.output.ensembleAccuracy)) }),
        (.init(title: "agreement"), { .init(percent($0.output.agreement)) }),
        (
          .init(title: "certified", meaning: "samples whose class is certain to agree"),
          { .init(percent($0.output.certified)) }
        ),
        (.init(title: "loss"), { .init(figure($0.output.loss)) }),
        (.init(title: "ensemble loss"), { .init(figure($0.output.ensembleLoss)) }),
      ])
  }
}

extension LinearityReport.Output {
  /// A parent, of which only its accuracy is known here.
  fileprivate init(end alpha: Double, _ accuracy: Double) {
    self.init(
      alpha: alpha, accuracy: accuracy, loss: nil, ensembleAccuracy: nil, ensembleLoss: nil,
      agreement: nil, certified: nil)
  }
}

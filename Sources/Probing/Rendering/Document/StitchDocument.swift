internal import Checkpoints
internal import Reporting

extension StitchReport: DocumentedReport {
  var document: Document {
    Document(
      header, verdict: verdict, meaning: Predicates(subject: "stitching"),
      convention: "interpolation at alpha 0.5", facts: facts,
      sections: [chart, .init(title: "Cuts", content: .table(table))])
  }

  private var facts: [Document.Fact] {
    let wholes = [("a", a), ("b", b), ("the merged model", merged)]
    var facts = wholes.map { name, score in
      Document.Fact(
        label: "accuracy of \(name)", value: percent(score.accuracy),
        note: percentInterval(score.accuracyInterval))
    }
    facts.append(
      .init(
        label: "interpolated features restore it", value: restoredFrom.map(shown) ?? "nowhere",
        note: restoredFrom == nil ? "" : "from the cut behind this layer on"))
    return facts
  }

  private var chart: Document.Section {
    .init(
      title: "Accuracy by cut",
      note:
        "Up to the cut one network, behind it the other. A curve close to the models' own accuracies "
        + "means that their features are exchangeable there.",
      content: .lines(
        LineChart(
          summary: "Accuracy by the layer behind which one network goes on in another.",
          horizontal: .names(title: "cut behind", cuts.map { shown($0.name) }), vertical: .shares,
          verticalTitle: "accuracy",
          series: [
            .init(name: "a into b", role: .hue(0), values: cuts.map(\.aIntoB.accuracy)),
            .init(
              name: "interpolated into merged", role: .hue(1),
              values: cuts.map(\.interpolatedIntoMerged.accuracy)),
          ],
          levels: [
            .init(value: a.accuracy, label: "a"), .init(value: b.accuracy, label: "b"),
            .init(value: merged.accuracy, label: "merged"),
          ])))
  }

  private var table: Table {
    let culprits = Set(verdict.culprits)
    return Table(
      of: cuts,
      columns: [
        (
          .init(title: "", alignment: .leading),
          { .init(culprits.contains($0.name) ? "*" : "", grade: .broken) }
        ),
        (
          .init(title: "cut behind", alignment: .leading, leastWidth: 16), { .init(shown($0.name)) }
        ),
        (
          .init(title: "kind", alignment: .leading, rank: 3, leastWidth: 8),
          { .init(shown($0.kind)) }
        ),
        (.init(title: "shape", alignment: .leading, rank: 2), { .init(shapeText($0.shape)) }),
        (.init(title: "a into b"), { .init(percent($0.aIntoB.accuracy)) }),
        (.init(title: "loss", rank: 1), { .init(figure($0.aIntoB.loss)) }),
        (
          .init(title: "interpolated into merged"),
          { .init(percent($0.interpolatedIntoMerged.accuracy)) }
        ),
        (.init(title: "loss", rank: 1), { .init(figure($0.interpolatedIntoMerged.loss)) }),
        (
          .init(title: "95 %", isOnPageOnly: true, meaning: "interval of a into b"),
          { .init(percentInterval($0.aIntoB.accuracyInterval)) }
        ),
      ])
  }
}

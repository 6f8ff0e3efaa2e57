internal import Checkpoints
internal import Reporting

extension FeaturesReport: DocumentedReport {
  var document: Document {
    Document(
      headline: "Wrote the outputs of \(counted(layers.count, "layer")) to \(shown(output)).",
      grade: nil, header: header,
      sections: [
        .init(
          title: "Data sets",
          content: .table(
            Table(
              of: layers,
              columns: [
                (
                  .init(title: "layer", alignment: .leading, leastWidth: 16),
                  { .init(shown($0.name)) }
                ),
                (.init(title: "shape", alignment: .leading), { .init(shapeText($0.shape)) }),
              ])))
      ])
  }

  var csvRows: [CSVRow] { CSVRows(header).rows }
}

/// The body of `features`.
package struct FeaturesJSON: Encodable {
  /// A data set of the output.
  package struct Layer: Encodable {
    let name: String
    let shape: [Int]
  }

  let output: String
  let layers: [Layer]
}

extension FeaturesReport {
  package var jsonView: ReportJSON<FeaturesJSON> {
    ReportJSON(
      header: header,
      body: FeaturesJSON(
        output: output, layers: layers.map { .init(name: $0.name, shape: $0.shape) }))
  }
}

internal import Checkpoints
internal import Reporting

/// The body of `matrix`.
package struct MatrixJSON: Encodable {
  let names: [String]
  let pairs: [Pair]
  let layers: [Layer]
  let transitivity: [MatrixReport.Transitivity]
  let groups: [[String]]
  let verdict: VerdictJSON

  package struct Pair: Encodable {
    let a: String
    let b: String
    let oneMinusCos: Double
    let coef: Double
    @OrNull var agreement: Double?
    @OrNull var accuracy: Double?
    @OrNull var ensembleAccuracy: Double?
    let grade: Grade

    init(_ pair: MatrixReport.Pair) {
      a = pair.a
      b = pair.b
      oneMinusCos = pair.oneMinusCos
      coef = pair.coef
      agreement = pair.agreement
      accuracy = pair.accuracy
      ensembleAccuracy = pair.ensembleAccuracy
      grade = pair.grade
    }
  }

  /// A layer's distances in the order of `pairs`; unknown ones are null.
  package struct Layer: Encodable {
    let name: String
    let kind: String
    let oneMinusCos: [Double?]
  }
}

extension MatrixReport {
  package var jsonView: ReportJSON<MatrixJSON> {
    ReportJSON(
      header: header,
      body: MatrixJSON(
        names: names, pairs: pairs.map(MatrixJSON.Pair.init),
        layers: layers.map {
          MatrixJSON.Layer(name: $0.name, kind: $0.kind, oneMinusCos: $0.oneMinusCos)
        }, transitivity: transitivity, groups: groups, verdict: VerdictJSON(verdict)))
  }
}

internal import Checkpoints
internal import Reporting

/// What every verb's JSON begins with.
package struct HeaderJSON {
  package struct Model: Encodable {
    let file: String
    let sha256: String
    let part: String
  }

  package struct Data: Encodable {
    let file: String
    let samples: Int
    let sha256: String
    let hasLabels: Bool
  }

  enum CodingKeys: String, CodingKey {
    case schema, verb, network, models, data, bn, calibration, warnings
  }

  private let header: Header

  init(_ header: Header) {
    self.header = header
  }

  /// Writes the members beside those of the report, not under a key of their own.
  func encode(into encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(header.schema, forKey: .schema)
    try container.encode(header.verb, forKey: .verb)
    try container.encode(header.network, forKey: .network)
    try container.encode(
      header.models.map { Model(file: $0.file, sha256: $0.sha256, part: $0.part) }, forKey: .models)
    try container.encode(
      header.data.map {
        Data(file: $0.file, samples: $0.samples, sha256: $0.sha256, hasLabels: $0.hasLabels)
      }, forKey: .data)
    try container.encode(header.bn, forKey: .bn)
    try container.encode(OrNull(wrappedValue: header.calibration), forKey: .calibration)
    try container.encode(header.warnings, forKey: .warnings)
  }
}

/// The header's members and the body's in one object.
package struct ReportJSON<Body: Encodable>: Encodable {
  let header: Header
  let body: Body

  package func encode(to encoder: any Encoder) throws {
    try HeaderJSON(header).encode(into: encoder)
    try body.encode(to: encoder)
  }
}

/// The answer; `alpha` is null where there is no parameter.
package struct VerdictJSON: Encodable {
  let model: Grade
  let reason: String
  @OrNull var alpha: Double?
  let culprits: [String]
  let advice: [String]

  init(_ verdict: Verdict) {
    model = verdict.model
    reason = verdict.reason
    alpha = verdict.alpha
    culprits = verdict.culprits
    advice = verdict.advice
  }
}

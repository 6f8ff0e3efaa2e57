internal import Checkpoints
internal import Reporting

/// What the grades mean for the subject of a report, to be read after the grade: `this merge works`.
struct Predicates {
  var linear: String
  var weak: String
  var broken: String

  /// Of something that works or doesn't.
  init(subject: String) {
    self.init(
      linear: "\(subject) works", weak: "\(subject) works only in part",
      broken: "\(subject) doesn't work")
  }

  /// In other words.
  init(linear: String, weak: String, broken: String) {
    self.linear = linear
    self.weak = weak
    self.broken = broken
  }

  /// The answer in words: what the grade means, then the decisive figures.
  func answer(_ verdict: Verdict) -> String {
    let words =
      switch verdict.model {
      case .linear: "Linear: \(linear)"
      case .weak: "Weak: \(weak)"
      case .broken: "Broken: \(broken)"
      }
    return verdict.reason.isEmpty ? words + "." : "\(words). \(sentence(shown(verdict.reason)))"
  }
}

extension Document {
  /// The document of a report.
  init(
    headline: String, grade: Grade?, header: Header, convention: String = "", facts: [Fact] = [],
    sections: [Section] = [], culprits: [String] = [], advice: [String] = [],
    answersByFile: [(file: String, answer: Verdict)] = []
  ) {
    self.init(
      command: "ctl-probe \(header.verb)", files: header.models.map(\.file), headline: headline,
      grade: grade, subject: header.subject(convention), details: header.details(convention))
    self.facts = facts
    self.sections = sections
    self.culprits = culprits
    self.advice = advice
    warnings = header.warnings
    self.answersByFile = answersByFile.map {
      PartialAnswer(part: $0.file, grade: $0.answer.model, reason: $0.answer.reason)
    }
  }

  /// The document of a report that ends in a verdict.
  init(
    _ header: Header, verdict: Verdict, meaning: Predicates, convention: String = "",
    facts: [Fact], sections: [Section], answersByFile: [(file: String, answer: Verdict)] = []
  ) {
    self.init(
      headline: meaning.answer(verdict), grade: verdict.model, header: header,
      convention: convention, facts: facts, sections: sections, culprits: verdict.culprits,
      advice: verdict.advice, answersByFile: answersByFile)
  }
}

extension Header {
  /// Which files the figures are of, in a line.
  fileprivate func subject(_ convention: String) -> String {
    let models = models.map { "\($0.part) = \(shown($0.file))" }.joined(separator: ", ")
    let data = data.map { "\(shown($0.file)) (\(counted($0.samples, "sample")))" }
    var about = "\(models); data \(data.joined(separator: ", ")); BatchNorm: \(bn)"
    if let calibration { about += " on \(shown(calibration))" }
    if !convention.isEmpty { about += "; \(convention)" }
    return about
  }

  /// Which bytes the figures are of.
  fileprivate func details(_ convention: String) -> [Document.Detail] {
    var details = models.map {
      Document.Detail(label: $0.part, name: $0.file, sha256: $0.sha256)
    }
    details += data.map { data in
      let labels = data.hasLabels ? "" : ", no labels"
      return Document.Detail(
        label: "data", name: data.file, after: " (\(counted(data.samples, "sample"))\(labels))",
        sha256: data.sha256)
    }
    details.append(
      Document.Detail(
        label: "BatchNorm", before: bn + (calibration == nil ? "" : " on "),
        name: calibration ?? ""))
    details.append(Document.Detail(label: "network", before: network))
    if !convention.isEmpty {
      details.append(Document.Detail(label: "convention", before: convention))
    }
    details.append(Document.Detail(label: "schema", before: schema))
    return details
  }
}

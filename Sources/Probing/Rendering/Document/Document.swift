/// What a report says, free of where it is shown: the terminal and the page are made from the same.
struct Document {
  /// One key figure, as the page shows it in a card.
  struct Fact {
    var label: String
    var value: String
    /// What the figure is of.
    var note: String = ""
    var grade: Grade?
  }

  /// A table or a chart under a heading.
  struct Section {
    enum Content {
      case table(Table)
      case lines(LineChart)
      case heat(HeatMap)
    }

    var title: String
    /// How it is to be read.
    var note: String = ""
    var content: Content
  }

  /// The answer in words.
  var headline: String
  var grade: Grade?
  var header: Header
  /// What the parameter of the report means, such as which model alpha multiplies.
  var convention: String = ""
  var facts: [Fact] = []
  var sections: [Section] = []
  var culprits: [String] = []
  var advice: [String] = []
  /// The answers of the single data set files, where there are several.
  var answersByFile: [(file: String, answer: Verdict)] = []
}

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

/// A text as a sentence: it begins with a capital and ends with a full stop.
func sentence(_ text: String) -> String {
  guard let first = text.first, let last = text.last else { return text }
  return first.uppercased() + text.dropFirst() + (".!?".contains(last) ? "" : ".")
}

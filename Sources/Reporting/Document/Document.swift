/// What a report says, free of where it is shown: the terminal and the page are made from the same.
package struct Document: Sendable {
  /// One key figure, as the page shows it in a card.
  package struct Fact: Sendable {
    package var label: String
    package var value: String
    /// What the figure is of.
    package var note: String
    package var grade: Grade?

    package init(label: String, value: String, note: String = "", grade: Grade? = nil) {
      self.label = label
      self.value = value
      self.note = note
      self.grade = grade
    }
  }

  /// A table or a chart under a heading.
  package struct Section: Sendable {
    package enum Content: Sendable {
      case table(Table)
      case lines(LineChart)
      case heat(HeatMap)
    }

    package var title: String
    /// How it is to be read.
    package var note: String
    package var content: Content

    package init(title: String, note: String = "", content: Content) {
      self.title = title
      self.note = note
      self.content = content
    }
  }

  /// The answer of a part of the data.
  package struct PartialAnswer: Sendable {
    package var part: String
    package var grade: Grade
    package var reason: String

    package init(part: String, grade: Grade, reason: String) {
      self.part = part
      self.grade = grade
      self.reason = reason
    }
  }

  /// A line of what was measured and how: `label: before `name` after`, and a digest below it.
  package struct Detail: Sendable {
    package var label: String
    package var before: String
    /// The name of a file.
    package var name: String
    package var after: String
    package var sha256: String

    package init(
      label: String, before: String = "", name: String = "", after: String = "",
      sha256: String = ""
    ) {
      self.label = label
      self.before = before
      self.name = name
      self.after = after
      self.sha256 = sha256
    }
  }

  /// The program and its verb.
  package var command: String
  /// The names of the files that the report is about.
  package var files: [String]
  /// The answer in words.
  package var headline: String
  package var grade: Grade?
  /// What was measured, in a line for the terminal.
  package var subject: String
  /// What was measured, for the page.
  package var details: [Detail]
  package var facts: [Fact] = []
  package var sections: [Section] = []
  package var culprits: [String] = []
  package var advice: [String] = []
  package var warnings: [String] = []
  /// The answers of the single data set files, where there are several.
  package var answersByFile: [PartialAnswer] = []

  /// A document that has nothing but an answer yet.
  package init(
    command: String, files: [String], headline: String, grade: Grade? = nil, subject: String,
    details: [Detail]
  ) {
    self.command = command
    self.files = files
    self.headline = headline
    self.grade = grade
    self.subject = subject
    self.details = details
  }
}

/// A text as a sentence: it begins with a capital and ends with a full stop.
package func sentence(_ text: String) -> String {
  guard let first = text.first, let last = text.last else { return text }
  return first.uppercased() + text.dropFirst() + (".!?".contains(last) ? "" : ".")
}

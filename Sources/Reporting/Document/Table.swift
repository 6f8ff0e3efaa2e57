/// A table with more columns than a terminal has room for.
package struct Table: Sendable {
  package enum Alignment: Sendable {
    case leading, trailing
  }

  package struct Column: Sendable {
    package var title: String
    package var alignment = Alignment.trailing
    /// How soon the column is left out where there is no room: those of the highest number first.
    package var rank = 0
    /// The width below which its texts aren't shortened; nil where they are never shortened.
    package var leastWidth: Int?
    /// Whether the column is of the page alone.
    package var isOnPageOnly = false
    /// What the column holds, for the page's legend.
    package var meaning: String = ""

    package init(
      title: String, alignment: Alignment = .trailing, rank: Int = 0, leastWidth: Int? = nil,
      isOnPageOnly: Bool = false, meaning: String = ""
    ) {
      self.title = title
      self.alignment = alignment
      self.rank = rank
      self.leastWidth = leastWidth
      self.isOnPageOnly = isOnPageOnly
      self.meaning = meaning
    }
  }

  package struct Cell: Sendable {
    package var text: String
    package var grade: Grade?
    /// The length of a bar, 0...1, that stands for the text.
    package var bar: Double?

    package init(_ text: String, grade: Grade? = nil, bar: Double? = nil) {
      self.text = text
      self.grade = grade
      self.bar = bar
    }
  }

  package var columns: [Column]
  package var rows: [[Cell]]
  /// What marks in the rows mean.
  package var legend: [String] = []

  package init(columns: [Column], rows: [[Cell]], legend: [String] = []) {
    self.columns = columns
    self.rows = rows
    self.legend = legend
  }
}

extension Table {
  /// A table given column by column: each column with the cell that it takes of a row's subject.
  package init<Subject>(
    of subjects: [Subject], legend: [String] = [],
    columns: [(column: Column, cell: (Subject) -> Cell)]
  ) {
    self.init(
      columns: columns.map(\.column),
      rows: subjects.map { subject in columns.map { $0.cell(subject) } }, legend: legend)
  }
}

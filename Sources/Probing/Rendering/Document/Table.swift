/// A table with more columns than a terminal has room for.
struct Table {
  enum Alignment {
    case leading, trailing
  }

  struct Column {
    var title: String
    var alignment = Alignment.trailing
    /// How soon the column is left out where there is no room: those of the highest number first.
    var rank = 0
    /// The width below which its texts aren't shortened; nil where they are never shortened.
    var leastWidth: Int?
    /// Whether the column is of the page alone.
    var isOnPageOnly = false
    /// What the column holds, for the page's legend.
    var meaning: String = ""
  }

  struct Cell {
    var text: String
    var grade: Grade?
    /// The length of a bar, 0...1, that stands for the text.
    var bar: Double?

    init(_ text: String, grade: Grade? = nil, bar: Double? = nil) {
      self.text = text
      self.grade = grade
      self.bar = bar
    }
  }

  var columns: [Column]
  var rows: [[Cell]]
  /// What marks in the rows mean.
  var legend: [String] = []
}

extension Table {
  /// A table given column by column: each column with the cell that it takes of a row's subject.
  init<Subject>(
    of subjects: [Subject], legend: [String] = [],
    columns: [(column: Column, cell: (Subject) -> Cell)]
  ) {
    self.init(
      columns: columns.map(\.column),
      rows: subjects.map { subject in columns.map { $0.cell(subject) } }, legend: legend)
  }
}

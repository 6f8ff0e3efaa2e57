/// Lines over the layers of a network, or over a number such as alpha.
package struct LineChart: Sendable {
  package enum Horizontal: Sendable {
    /// A place for each name.
    case names(title: String, [String])
    /// A number line through the values.
    case numbers(title: String, [Double])
  }

  package enum Vertical: Sendable {
    case linear
    /// Zeros, and what is no more than rounding, stand on the floor of the chart.
    case logarithmic
    /// Shares, marked in percent.
    case shares
  }

  package struct Series: Sendable {
    /// How a series is drawn; hues are told apart by dashes and marks as well.
    package enum Role: Equatable, Sendable {
      /// What others are compared with.
      case reference
      /// One of a few.
      case hue(Int)
      /// One of an ordered many, 0...1.
      case shade(Double)
    }

    package var name: String
    package var role: Role
    /// A value for each place, nil where it is unknown or not finite.
    package var values: [Double?]
    /// A range around each value, such as quantiles.
    package var band: [ClosedRange<Double>?] = []
    /// Whether it belongs to another series of the same role, as a promise to what came of it.
    package var isDashed = false

    package init(
      name: String, role: Role, values: [Double?], band: [ClosedRange<Double>?] = [],
      isDashed: Bool = false
    ) {
      self.name = name
      self.role = role
      self.values = values
      self.band = band
      self.isDashed = isDashed
    }
  }

  /// A line across the chart.
  package struct Level: Sendable {
    package var value: Double
    package var label: String

    package init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  package var summary: String
  package var horizontal: Horizontal
  package var vertical: Vertical
  package var verticalTitle: String
  package var series: [Series]
  package var levels: [Level] = []
  /// The names that are marked as being at fault.
  package var faults: Set<String> = []

  package init(
    summary: String, horizontal: Horizontal, vertical: Vertical, verticalTitle: String,
    series: [Series], levels: [Level] = [], faults: Set<String> = []
  ) {
    self.summary = summary
    self.horizontal = horizontal
    self.vertical = vertical
    self.verticalTitle = verticalTitle
    self.series = series
    self.levels = levels
    self.faults = faults
  }
}

/// A square of figures, one for each pair of names.
package struct HeatMap: Sendable {
  package struct Cell: Sendable {
    package var row: Int
    package var column: Int
    package var value: Double
    package var grade: Grade?
    /// What the pair is, for readers who point at it.
    package var note: String

    package init(row: Int, column: Int, value: Double, grade: Grade? = nil, note: String) {
      self.row = row
      self.column = column
      self.value = value
      self.grade = grade
      self.note = note
    }
  }

  /// How values become colours.
  package enum Scale: Sendable {
    /// By the order of magnitude, from 1e-4 to 1: errors.
    case decades
    /// From 0 to 1, whatever the sign: cosines.
    case magnitudes
  }

  package var summary: String
  package var names: [String]
  package var cells: [Cell]
  package var scale: Scale

  package init(summary: String, names: [String], cells: [Cell], scale: Scale = .decades) {
    self.summary = summary
    self.names = names
    self.cells = cells
    self.scale = scale
  }
}

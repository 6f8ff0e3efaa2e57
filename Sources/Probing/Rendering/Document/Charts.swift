/// Lines over the layers of a network, or over a number such as alpha.
struct LineChart {
  enum Horizontal {
    /// A place for each name.
    case names(title: String, [String])
    /// A number line through the values.
    case numbers(title: String, [Double])
  }

  enum Vertical {
    case linear
    /// Zeros, and what is no more than rounding, stand on the floor of the chart.
    case logarithmic
    /// Shares, marked in percent.
    case shares
  }

  struct Series {
    /// How a series is drawn; hues are told apart by dashes and marks as well.
    enum Role: Equatable {
      /// What others are compared with.
      case reference
      /// One of a few.
      case hue(Int)
      /// One of an ordered many, 0...1.
      case shade(Double)
    }

    var name: String
    var role: Role
    /// A value for each place, nil where it is unknown or not finite.
    var values: [Double?]
    /// A range around each value, such as quantiles.
    var band: [ClosedRange<Double>?] = []
    /// Whether it belongs to another series of the same role, as a promise to what came of it.
    var isDashed = false
  }

  /// A line across the chart.
  struct Level {
    var value: Double
    var label: String
  }

  var summary: String
  var horizontal: Horizontal
  var vertical: Vertical
  var verticalTitle: String
  var series: [Series]
  var levels: [Level] = []
  /// The names that are marked as being at fault.
  var faults: Set<String> = []
}

/// A square of figures, one for each pair of names.
struct HeatMap {
  struct Cell {
    var row: Int
    var column: Int
    var value: Double
    var grade: Grade
    /// What the pair is, for readers who point at it.
    var note: String
  }

  var summary: String
  var names: [String]
  var cells: [Cell]
}

/// The answer in one word.
public enum Grade: String, Codable, Hashable, Sendable, Comparable {
  /// The merge behaves as the interpolation of its sources.
  case linear
  /// In between.
  case weak
  /// It doesn't.
  case broken

  private var rank: Int {
    switch self {
    case .linear: 0
    case .weak: 1
    case .broken: 2
    }
  }

  /// Linear before weak before broken.
  public static func < (a: Grade, b: Grade) -> Bool { a.rank < b.rank }
}

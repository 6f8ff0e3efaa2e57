package import Checkpoints

/// What a recipe says of one parameter in one place.
///
/// One value for all tensors, or values for those whose names hold a text, the first that fits
/// counting; each value may be a list along the layers.
package struct ParameterSetting: Hashable, Sendable {
  /// A value with the tensors for which it counts.
  package struct Case: Hashable, Sendable {
    /// The text that a tensor's name must hold; nil for all names.
    package let filter: String?
    /// The value along the layers.
    package let gradient: Gradient
    /// Where it stands.
    package let place: RecipePlace
    /// The filter's bytes, which are compared with those of every name.
    private let bytes: [UInt8]

    init(filter: String?, gradient: Gradient, place: RecipePlace) {
      self.filter = filter
      self.gradient = gradient
      self.place = place
      bytes = filter.map { Array($0.utf8) } ?? []
    }

    /// Whether it counts for a tensor.
    func covers(_ name: TensorName) -> Bool {
      bytes.isEmpty || name.bytes.holds(bytes)
    }
  }

  /// The cases in their order.
  package let cases: [Case]
  /// Where it stands.
  package let place: RecipePlace

  /// The value for a tensor; nil where no filter fits, so that the next scope is asked.
  ///
  /// - Parameters:
  ///   - name: The tensor's name in the source.
  ///   - position: Its place along the layers, from 0 to 1.
  /// - Returns: The value, if there is one.
  package func value(for name: TensorName, at position: Double) -> ParameterValue? {
    cases.first { $0.covers(name) }?.gradient.value(at: position)
  }
}

/// Settings by the parameters' names with underscores.
package typealias ParameterSettings = [String: ParameterSetting]

extension [UInt8] {
  /// Whether other bytes stand somewhere in these, in one run.
  func holds(_ part: [UInt8]) -> Bool {
    guard part.count <= count else { return false }
    var start = 0
    while start <= count - part.count {
      var length = 0
      while length < part.count, self[start + length] == part[length] { length += 1 }
      if length == part.count { return true }
      start += 1
    }
    return false
  }
}

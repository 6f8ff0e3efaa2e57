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

    /// Whether it counts for a tensor.
    func covers(_ name: TensorName) -> Bool {
      guard let filter else { return true }
      return name.bytes.holds(Array(filter.utf8))
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
    guard let first = part.first else { return true }
    guard part.count <= count else { return false }
    for start in 0...(count - part.count) where self[start] == first {
      if self[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
  }
}

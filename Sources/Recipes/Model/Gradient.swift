/// A parameter's value along the layers.
///
/// Numbers are interpolated: with n of them and the position t from 0 to 1, x = t (n - 1) lies
/// between the numbers floor(x) and floor(x) + 1, and the value is
/// (1 - frac x) v[floor x] + frac x v[floor x + 1]. Truths, words and whole numbers are picked:
/// v[floor x].
package struct Gradient: Hashable, Sendable {
  /// The values; at least one, all of one kind.
  package let values: [ParameterValue]

  /// The value at a position from 0 to 1.
  package func value(at position: Double) -> ParameterValue? {
    if values.isEmpty { return nil }
    let place = (position.isFinite ? min(max(position, 0), 1) : 0) * Double(values.count - 1)
    let index = min(Int(place), values.count - 1)
    let next = min(index + 1, values.count - 1)
    guard case .number(let left) = values[index], case .number(let right) = values[next] else {
      return values[index]
    }
    let fraction = place - Double(index)
    return .number((1 - fraction) * left + fraction * right)
  }
}

/// A sum whose additions' errors are added up apart (Neumaier), so that its own error is of the order
/// of one rounding whatever the number of terms.
struct CompensatedSum {
  private var sum = 0.0
  private var error = 0.0

  /// The sum.
  var value: Double { sum + error }

  mutating func add(_ term: Double) {
    let next = sum + term
    error += sum.magnitude >= term.magnitude ? (sum - next) + term : (term - next) + sum
    sum = next
  }
}

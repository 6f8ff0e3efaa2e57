import ArgumentParser
import Terminal

/// Judges the values of a parameter: finite, none of them twice.
///
/// - Parameters:
///   - values: The values.
///   - option: The option's name with its hyphens.
/// - Returns: The values, ascending.
/// - Throws: `ValidationError` that names the option.
func distinctValues(_ values: [Double], of option: String) throws -> [Double] {
  if let value = values.first(where: { !$0.isFinite }) {
    throw ValidationError("\(option): \(value) isn't a finite number")
  }
  let sorted = values.sorted()
  for (value, next) in zip(sorted, sorted.dropFirst()) where value == next {
    throw ValidationError("\(option): has the value \(value) twice; give it once")
  }
  return sorted
}

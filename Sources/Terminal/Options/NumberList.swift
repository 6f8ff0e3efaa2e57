internal import ArgumentParser

/// A list of numbers separated by commas.
package struct NumberList: ExpressibleByArgument {
  /// The numbers.
  package let values: [Double]

  /// Parses `1,2.5,-3`.
  package init?(argument: String) {
    var values: [Double] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let value = Double(part.trimmed) else { return nil }
      values.append(value)
    }
    self.values = values
  }
}

extension Substring {
  /// The text without spaces around it.
  fileprivate var trimmed: Substring {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return rest
  }
}

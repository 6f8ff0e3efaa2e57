/// A range of bytes of a file.
public struct Extent: Hashable, Sendable {
  /// The position of the first byte.
  public let offset: Int
  /// The number of bytes.
  public let length: Int

  /// The range, or nil where it is negative or its end overflows.
  public init?(offset: Int, length: Int) {
    guard offset >= 0, length >= 0, !offset.addingReportingOverflow(length).overflow else {
      return nil
    }
    self.offset = offset
    self.length = length
  }

  /// The position behind the last byte.
  public var end: Int { offset + length }

  /// Whether the range lies within a file of `size` bytes.
  public func lies(within size: Int) -> Bool {
    end <= size
  }
}

/// The product of `factors`, or nil where one is negative or the product overflows.
///
/// Shapes come from files: 2^32 x (2^32 + 1) must not become a small number.
public func checkedProduct(_ factors: [Int]) -> Int? {
  var product = 1
  var overflows = false
  for factor in factors {
    guard factor >= 0 else { return nil }
    // A later zero makes the whole zero, so an overflow is judged at the end.
    if factor == 0 { return factors.contains { $0 < 0 } ? nil : 0 }
    let (value, overflow) = product.multipliedReportingOverflow(by: factor)
    overflows = overflows || overflow
    product = value
  }
  return overflows ? nil : product
}

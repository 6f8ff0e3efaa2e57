/// The exact sum of finite Float64 values, as one long integer.
///
/// Float64 numbers are multiples of 2^-1074 below 2^1024; a two's-complement integer of 36 words of 64
/// bits holds the sum of up to 2^63 of them with 64 bits to spare below. Slow (some hundred
/// nanoseconds) and free of subtleties: the last resort of ``ExactMean``.
struct ExactSum {
  /// Bit 0 of word 0 stands for 2^-1138.
  private static let lowestExponent = -1138
  // Made when it is needed, which is rarely.
  private var words: [UInt64] = []

  /// Makes the sum zero; to be called before the first value is added.
  mutating func reset() {
    if words.isEmpty { words = [UInt64](repeating: 0, count: 36) }
    for i in words.indices { words[i] = 0 }
  }

  /// Adds a finite value.
  mutating func add(_ value: Double) {
    let field = Int(value.bitPattern >> 52) & 0x7FF
    let fraction = value.bitPattern & 0x000F_FFFF_FFFF_FFFF
    let significand = field == 0 ? fraction : fraction | 0x0010_0000_0000_0000
    let position = 64 + max(field, 1) - 1
    let shift = UInt64(position % 64)
    let low = significand << shift
    let high = shift == 0 ? 0 : significand >> (64 - shift)
    if value.sign == .plus {
      add(low, high, at: position / 64)
    } else {
      subtract(low, high, at: position / 64)
    }
  }

  private mutating func add(_ low: UInt64, _ high: UInt64, at index: Int) {
    var carry = addWord(low, at: index)
    carry = addWord(high, carry, at: index + 1)
    var i = index + 2
    while carry != 0, i < words.count {
      carry = addWord(0, carry, at: i)
      i += 1
    }
  }

  private mutating func addWord(_ word: UInt64, _ carry: UInt64 = 0, at index: Int) -> UInt64 {
    let (sum, overflow) = words[index].addingReportingOverflow(word)
    let (total, second) = sum.addingReportingOverflow(carry)
    words[index] = total
    return overflow || second ? 1 : 0
  }

  private mutating func subtract(_ low: UInt64, _ high: UInt64, at index: Int) {
    var borrow = subtractWord(low, at: index)
    borrow = subtractWord(high, borrow, at: index + 1)
    var i = index + 2
    while borrow != 0, i < words.count {
      borrow = subtractWord(0, borrow, at: i)
      i += 1
    }
  }

  private mutating func subtractWord(_ word: UInt64, _ borrow: UInt64 = 0, at index: Int) -> UInt64
  {
    let (difference, overflow) = words[index].subtractingReportingOverflow(word)
    let (total, second) = difference.subtractingReportingOverflow(borrow)
    words[index] = total
    return overflow || second ? 1 : 0
  }

  /// The sum divided by `divisor`, rounded once to a format, ties to even; +0 where the sum is zero.
  func divided(by divisor: Int, roundedTo format: FloatFormat) -> Double {
    let isNegative = words[words.count - 1] >> 63 == 1
    var quotient = isNegative ? negated(words) : words
    var remainder: UInt64 = 0
    let divisor = UInt64(divisor)
    for i in quotient.indices.reversed() {
      (quotient[i], remainder) = divisor.dividingFullWidth((remainder, quotient[i]))
    }
    guard let top = quotient.lastIndex(where: { $0 != 0 }) else { return 0 }
    let highest = 64 * top + 63 - quotient[top].leadingZeroBitCount

    // The bit of the quotient that is the last of the result.
    let lastOfNormal = highest - (format.precision - 1)
    let lastOfSubnormal =
      format.minimumExponent - (format.precision - 1) - ExactSum.lowestExponent
    let last = max(lastOfNormal, lastOfSubnormal)
    var significand = bits(quotient, from: last)
    let isHalfSet = bits(quotient, from: last - 1) & 1 == 1
    if isHalfSet {
      let isTie = remainder == 0 && !hasBits(quotient, below: last - 1)
      if !isTie || significand & 1 == 1 { significand += 1 }
    }
    let magnitude = Double(
      sign: .plus, exponent: last + ExactSum.lowestExponent, significand: Double(significand))
    let bounded = magnitude < format.limit ? magnitude : .infinity
    return isNegative ? -bounded : bounded
  }

  private func negated(_ words: [UInt64]) -> [UInt64] {
    var result = words.map { ~$0 }
    for i in result.indices {
      let (sum, overflow) = result[i].addingReportingOverflow(1)
      result[i] = sum
      if !overflow { break }
    }
    return result
  }

  /// The 64 bits of a long integer from a position upwards.
  private func bits(_ words: [UInt64], from position: Int) -> UInt64 {
    let index = position / 64
    guard index < words.count else { return 0 }
    let shift = UInt64(position % 64)
    let high = index + 1 < words.count ? words[index + 1] : 0
    return words[index] >> shift | (shift == 0 ? 0 : high << (64 - shift))
  }

  private func hasBits(_ words: [UInt64], below position: Int) -> Bool {
    let index = position / 64
    if words[..<min(index, words.count)].contains(where: { $0 != 0 }) { return true }
    guard index < words.count else { return false }
    return words[index] & ((1 << UInt64(position % 64)) - 1) != 0
  }
}

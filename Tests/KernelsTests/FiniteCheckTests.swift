import Checkpoints
import Kernels
import Testing

/// A result is refused exactly where rounding it to the output's type gives an infinity.
@Suite struct FiniteCheckTests {
  @Test(
    arguments: [
      (ElementType.float32, 0x1.ffffffp127), (.float16, 0x1.ffep15), (.bfloat16, 0x1.ffp127),
    ])
  func finiteMeansBelowTheMidpointToTheLimit(type: ElementType, midpoint: Double) {
    for sign in [1.0, -1.0] {
      #expect(staysFinite([1, sign * midpoint.nextDown], type))
      #expect(!staysFinite([1, sign * midpoint], type))
      #expect(!staysFinite([sign * midpoint.nextUp, 1], type))
    }
  }

  @Test(arguments: [ElementType.float64, .float32, .float16, .bfloat16])
  func nanAndInfinityAreNeverFinite(type: ElementType) {
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(!staysFinite([0, value, 0], type))
    }
    #expect(staysFinite([0, -0.0, .leastNonzeroMagnitude], type))
  }

  @Test func everyFloat64IsFiniteAsFloat64() {
    let greatest = Double.greatestFiniteMagnitude
    #expect(staysFinite([greatest, -greatest], .float64))
  }
}

private func staysFinite(_ values: [Double], _ type: ElementType) -> Bool {
  FiniteCheck.allFinite(values.span, as: type)
}

internal import CNetworks

extension FloatArray {
  /// `Σ c_i x_i` of arrays of one shape, in float64 and rounded once; a single 1 gives the array itself.
  ///
  /// - Parameter terms: At least one array, each with its coefficient.
  /// - Returns: An array of their shape.
  package static func combining(_ terms: [(array: FloatArray, coefficient: Double)]) -> FloatArray {
    let present = terms.filter { $0.coefficient != 0 }
    if present.count == 1, present[0].coefficient == 1 { return present[0].array }
    let result = FloatArray(terms[0].array.shape)
    let coefficients = present.map(\.coefficient)
    Threads.forEachRange(of: result.count, grain: 1 << 14) { range in
      var pointers = unsafe present.map { term in
        unsafe UnsafePointer(term.array.pointer + range.lowerBound) as UnsafePointer<Float>?
      }
      unsafe ctl_combine(
        &pointers, coefficients, present.count, result.pointer + range.lowerBound, range.count)
    }
    return result
  }
}

/// What is computed for every sample of a layer: a row of numbers, first 1 - cos of each comparison,
/// then the norm of each form.
///
/// All else follows from these: with a = |u|, b = |v| and c = 1 - cos,
///
///     coef            <u, v> / |v|^2 = (1 - c) a / b
///     |u - v|^2       (a - b)^2 + 2 a b c
struct ComparisonPlan: Sendable {
  /// A comparison by the numbers of its forms.
  struct Entry: Sendable {
    let measured: Int
    let reference: Int
    /// What bounds the relative error of an inner product from the Gram matrix, against the product
    /// of the forms' magnitudes: that of an entry (see `ctl_metrics_block`), and of the double sum.
    let productError: Double
  }

  let streams: Int
  let forms: [LinearForm]
  let entries: [Entry]
  let tiles: GramTiles
  /// The terms of all forms one after the other, and where each form's begin.
  let indices: [Int]
  let factors: [Double]
  let starts: [Int]

  /// The numbers kept for a sample.
  var rowLength: Int { entries.count + forms.count }

  init(streams: Int, comparisons: [FeatureComparison], norms: [LinearForm]) {
    var forms: [LinearForm] = []
    func number(_ form: LinearForm) -> Int {
      if let known = forms.firstIndex(of: form) { return known }
      precondition(
        form.terms.allSatisfy { 0..<streams ~= $0.stream }, "a form of streams that there aren't")
      forms.append(form)
      return forms.count - 1
    }
    var pairs: [(Int, Int)] = []
    entries = comparisons.map { comparison in
      let (u, v) = (comparison.measured.terms, comparison.reference.terms)
      for a in u { for b in v { pairs.append((a.stream, b.stream)) } }
      return Entry(
        measured: number(comparison.measured), reference: number(comparison.reference),
        productError: Double(140 + u.count * v.count) * 0x1p-53)
    }
    for norm in norms { _ = number(norm) }
    for form in forms {
      for a in form.terms { for b in form.terms { pairs.append((a.stream, b.stream)) } }
    }
    self.streams = streams
    self.forms = forms
    tiles = GramTiles(streams: streams, pairs: pairs)
    indices = forms.flatMap { $0.terms.map(\.stream) }
    factors = forms.flatMap { $0.terms.map(\.factor) }
    var starts = [0]
    for form in forms { starts.append(starts[starts.count - 1] + form.terms.count) }
    self.starts = starts
  }
}

import Kernels
import TestSupport
import Testing

/// Sums and inner products with twice the precision, against exact integers.
@Suite struct CompensatedSumTests {
  /// Σ x_i y_i without any error, in units of 2^-1074 · 2^-40: values are multiples of 2^-20.
  private func exactProduct(_ x: [Double], _ y: [Double]) -> WideInteger {
    zip(x, y).reduce(WideInteger.zero) { sum, pair in
      // Both halves of a product of integers below 2^53, each of which Float64 holds.
      let (high, low) = (pair.0 * 0x1p20, pair.1 * 0x1p20)
      let product = high * low
      let error = (-product).addingProduct(high, low)
      return sum + WideInteger(product) + WideInteger(error)
    }
  }

  /// Multiples of 2^-20 of very different sizes, most of which cancel in a sum of products.
  private func illConditioned(_ count: Int, seed: UInt64) -> (x: [Double], y: [Double]) {
    var generator = SeededGenerator(seed: seed)
    var (x, y): ([Double], [Double]) = ([], [])
    for _ in 0..<count / 2 {
      let scale = Double(
        sign: .plus, exponent: Int.random(in: 0...25, using: &generator), significand: 1)
      let a = (Double.random(in: -1...1, using: &generator) * 0x1p20).rounded() * 0x1p-20 * scale
      let b = (Double.random(in: -1...1, using: &generator) * 0x1p20).rounded() * 0x1p-20 * scale
      x += [a, a]
      y += [b, -b + Double.random(in: -9...9, using: &generator).rounded() * 0x1p-20]
    }
    for i in x.indices.reversed() {
      let j = Int.random(in: 0...i, using: &generator)
      x.swapAt(i, j)
      y.swapAt(i, j)
    }
    return (x, y)
  }

  private func gram(_ vectors: [[Double]], cut size: Int? = nil) -> GramMatrix {
    var result = GramMatrix(count: vectors.count)
    let length = vectors[0].count
    let size = max(1, size ?? length)
    for start in stride(from: 0, to: length, by: size) {
      let range = start..<min(start + size, length)
      // A gap between vectors, which must not be read.
      let tile = vectors.flatMap { Array($0[range]) + [.nan] }
      result.add(tile: tile.span, stride: range.count + 1, count: range.count)
    }
    return result
  }

  private func sum(_ values: [Double], cut size: Int? = nil, magnitudes: Bool = false) -> Double {
    var result = CompensatedSum()
    let size = max(1, size ?? values.count)
    for start in stride(from: 0, to: values.count, by: size) {
      let tile = values.span.extracting(start..<min(start + size, values.count))
      if magnitudes { result.addMagnitudes(of: tile) } else { result.add(tile) }
    }
    return result.value
  }

  /// A value is as good as correctly rounded: its neighbours are farther from the exact integer.
  private func isNearest(_ value: Double, _ exact: WideInteger, scale: Double) -> Bool {
    let candidates = [value.nextDown, value, value.nextUp].map { WideInteger($0 * scale) }
    return candidates[0] < exact && exact < candidates[2] || candidates[1] == exact
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>)
  func cancellingProductsLoseNothing(_ seed: UInt64) {
    let (x, y) = illConditioned(2000 + Int(seed), seed: seed)
    let matrix = gram([x, y])
    #expect(isNearest(matrix[0, 1], exactProduct(x, y), scale: 0x1p40))
    #expect(isNearest(matrix[0, 0], exactProduct(x, x), scale: 0x1p40))
    #expect(matrix[0, 1] == matrix[1, 0])
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func cancellingSumsLoseNothing(_ seed: UInt64) {
    let (x, y) = illConditioned(3000, seed: seed)
    let values = zip(x, y).map { $0 * $1 }.filter { $0.magnitude < 0x1p30 }
    let exact = values.reduce(WideInteger.zero) { $0 + WideInteger($1) }
    #expect(isNearest(sum(values), exact, scale: 1))
    let magnitudes = values.reduce(WideInteger.zero) { $0 + WideInteger($1.magnitude) }
    #expect(isNearest(sum(values, magnitudes: true), magnitudes, scale: 1))
  }

  @Test func smallTermsSurviveLargeOnes() {
    #expect(sum([0x1p80, 1, -0x1p80]) == 1)
    #expect(sum([Double](repeating: 0.1, count: 10)) == 1)
    #expect(gram([[0x1p40, 3, 0x1p40], [0x1p40, 7, -0x1p40]])[0, 1] == 21)
    #expect(sum([]) == 0 && gram([[], []])[1, 0] == 0)
  }

  /// (1 + 2^-30)² - 1 - 2^-29 = 2^-60, which the product alone would lose.
  @Test func errorsOfProductsAreKept() {
    let matrix = gram([[1 + 0x1p-30, 1, 1], [1 + 0x1p-30, -1, -0x1p-29]])
    #expect(matrix[0, 1] == 0x1p-60)
  }

  @Test func cuttingIntoTilesChangesNothing() {
    let (x, y) = illConditioned(530, seed: 40)
    let whole = gram([x, y, x.map { $0 + 1 }])
    for size in 1...67 {
      let cut = gram([x, y, x.map { $0 + 1 }], cut: size)
      for i in 0..<3 {
        for j in 0...i { #expect(cut.parts(i, j) == whole.parts(i, j)) }
      }
      #expect(cut.elementCount == 530)
      #expect(sum(x, cut: size).bitPattern == sum(x).bitPattern)
      #expect(sum(x, cut: size, magnitudes: true) == sum(x, magnitudes: true))
    }
    var single = CompensatedSum()
    for value in x { single.add(value) }
    #expect(single.value == sum(x) && single.count == 530)
  }

  @Test func bothPathsGiveTheSameBits() {
    var generator = SeededGenerator(seed: 41)
    for count in 0...70 {
      let random = { () -> [Double] in
        (0..<count).map { _ in Double(bitPattern: generator.next() & ~(1 << 62)) }
      }
      let (x, y) = (random(), random())
      let body = { () -> [UInt64] in
        let matrix = gram([x, y], cut: 27)
        return [matrix[0, 0], matrix[0, 1], matrix[1, 1], sum(x), sum(y, magnitudes: true)]
          .map(\.bitPattern)
      }
      #expect(body() == KernelPath.portably(body))
    }
  }

  @Test func stretchesMerge() {
    let (x, y) = illConditioned(1000, seed: 42)
    var merged = gram([Array(x[..<333]), Array(y[..<333])])
    merged.add(gram([Array(x[333...]), Array(y[333...])]))
    #expect(isNearest(merged[0, 1], exactProduct(x, y), scale: 0x1p40))
    #expect(merged.elementCount == 1000)
    var left = CompensatedSum()
    left.add([0x1p80, 1].span)
    var right = CompensatedSum()
    right.add([-0x1p80, 0.5].span)
    left.add(right)
    #expect(left.value == 1.5 && left.count == 4)
  }

  @Test func resettingForgets() {
    var matrix = gram([[1, 2], [3, 4]])
    matrix.reset()
    matrix.add(tile: [5, 6].span, stride: 1, count: 1)
    #expect(matrix[0, 1] == 30 && matrix[1, 1] == 36 && matrix.elementCount == 1)
  }

  /// The distance of nearly equal vectors, of which the plain formula leaves nothing.
  @Test func squaredDistances() {
    var generator = SeededGenerator(seed: 43)
    let x = (0..<700).map { _ in Double.random(in: -1...1, using: &generator) }
    let y = x.map { $0 + 0x1p-40 }
    let distances = zip(x, y).map { ($1 - $0) * ($1 - $0) }
    let exact = sum(distances)
    let value = squaredDistance(gram([x, y]))
    #expect((value / exact - 1).magnitude < 1e-5)
    #expect(squaredDistance(gram([x, x])) == 0)
    #expect(squaredDistance(gram([[3, 4], [6, 8]])) == 25)
  }

  private func squaredDistance(_ gram: GramMatrix) -> Double {
    (gram.wide(0, 0) - 2 * gram.wide(0, 1) + gram.wide(1, 1)).rounded
  }

  @Test func infinitiesAreSeen() {
    #expect(sum([1, .infinity]) == .infinity && sum([.infinity, -.infinity]).isNaN)
    #expect(sum([1, .nan, 2]).isNaN)
    #expect(gram([[1e200, 1], [1e200, 1]])[0, 1] == .infinity)
    #expect(gram([[0, 1], [.infinity, 1]])[0, 1].isNaN)
  }
}

import Checkpoints
import Kernels
import TestSupport
import Testing

/// The kernels for AVX2 and F16C against the portable ones: the same bits for everything.
///
/// On a processor without these instructions both are the same path, and this shows nothing.
@Suite struct KernelPathTests {
  static let orders: [ByteOrder] = [.little, .big]

  /// Whether a result is the same on both paths.
  private func isSame<Result: Equatable>(_ body: () -> Result) -> Bool {
    body() == KernelPath.portably(body)
  }

  @Test func portableCanBeForced() {
    #expect(KernelPath.portably { !KernelPath.usesAVX2 })
  }

  @Test(arguments: HalfPrecisionTests.types, orders)
  func everyPatternDecodes(_ type: ElementType, _ order: ByteOrder) {
    let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    #expect(isSame { decoded(bytes, type, order).map(\.bitPattern) })
  }

  /// Every number, every midpoint, and what lies one unit of Float64 beside them.
  @Test(arguments: HalfPrecisionTests.types, orders)
  func everyNumberAndMidpointEncodes(_ type: ElementType, _ order: ByteOrder) {
    let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let numbers = decoded(bytes, type)
    let midpoints = zip(numbers, numbers.dropFirst()).map { ($0 + $1) / 2 }
    let values = (numbers + midpoints).flatMap { [$0, $0.nextUp, $0.nextDown] }
    #expect(isSame { encoded(values, type, order) })
  }

  @Test(arguments: floatTypes, orders)
  func everyLengthAndAlignment(_ type: ElementType, _ order: ByteOrder) {
    var generator = SeededGenerator(seed: 21)
    let size = type.byteCount ?? 0
    for count in 0...70 {
      let shift = count % 5
      let sources = (0..<4).map { _ in
        elements(count, type, order, after: shift, &generator)
      }
      let values = (0..<count).map { _ in Double(bitPattern: generator.next()) }
      let range = shift..<shift + count * size
      #expect(isSame { decoded(Array(sources[0][range]), type, order).map(\.bitPattern) })
      #expect(isSame { unalignedDecoded(sources[0], from: shift, count, type, order) })
      #expect(isSame { encoded(values, type, order) })
      for k in 2...4 {
        #expect(isSame { storedMean(Array(sources[..<k]), from: shift, count, type, order) })
      }
    }
  }

  /// Any bits now and then, NaN and infinities included; ordinary numbers mostly.
  private func elements(
    _ count: Int, _ type: ElementType, _ order: ByteOrder, after shift: Int,
    _ generator: inout SeededGenerator
  ) -> [UInt8] {
    var bytes = encoded(
      (0..<count).map { _ in Double.random(in: -1...1, using: &generator) }, type, order)
    if count % 3 == 0 {
      for i in bytes.indices { bytes[i] = UInt8.random(in: 0...255, using: &generator) }
    }
    return [UInt8](repeating: 0x55, count: shift) + bytes
  }

  private func unalignedDecoded(
    _ bytes: [UInt8], from start: Int, _ count: Int, _ type: ElementType, _ order: ByteOrder
  ) -> [UInt64] {
    var values = [Double](repeating: 0, count: count)
    var span = values.mutableSpan
    unsafe ElementDecoding.decode(
      type, order,
      from: bytes.span.bytes.extracting(start..<start + count * (type.byteCount ?? 0)), into: &span)
    return values.map(\.bitPattern)
  }

  private func storedMean(
    _ sources: [[UInt8]], from start: Int, _ count: Int, _ type: ElementType, _ order: ByteOrder
  ) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: count * (type.byteCount ?? 0))
    var span = result.mutableSpan
    var raw = unsafe span.mutableBytes
    let starts = sources.map { _ in start }
    return StoredMean.combine(sources, at: starts, as: type, order, into: &raw) ? result : nil
  }

  @Test func linearSteps() {
    var generator = SeededGenerator(seed: 22)
    for count in 0...70 {
      let random = { (generator: inout SeededGenerator) in
        (0..<count).map { _ in Double(bitPattern: generator.next() & ~(1 << 62)) }
      }
      let (x, y, start) = (random(&generator), random(&generator), random(&generator))
      let steps: [(inout MutableSpan<Double>) -> Void] = [
        { LinearCombination.assign(x.span, scaledBy: 0.3, to: &$0) },
        { LinearCombination.addScaled(x.span, by: 0.3, to: &$0) },
        { LinearCombination.addScaledDifference(x.span, minus: y.span, by: 0.3, to: &$0) },
        { LinearCombination.subtract(x.span, from: y.span, into: &$0) },
        { LinearCombination.interpolate(x.span, y.span, alpha: 0.3, into: &$0) },
        { LinearCombination.divide(&$0, by: 3) },
        { LinearCombination.divide(&$0, by: 8) },
      ]
      for step in steps {
        #expect(
          isSame {
            var result = start
            var span = result.mutableSpan
            step(&span)
            return result.map(\.bitPattern)
          })
      }
      #expect(isSame { FiniteCheck.allFinite(x.span) })
    }
  }

  @Test func reductions() {
    var generator = SeededGenerator(seed: 23)
    for count in 0...70 {
      var x = (0..<count).map { _ in Double.random(in: -2...2, using: &generator) }
      let y = x.map { $0 + Double.random(in: -0.1...0.1, using: &generator) }
      if count > 40 { (x[3], x[17], x[40]) = (.nan, -.infinity, 0) }
      #expect(
        isSame {
          var result = Statistics()
          result.add(x.span.extracting(first: count / 3))
          result.add(x.span.extracting(droppingFirst: count / 3))
          let moments = [result.mean, result.standardDeviation, result.norm]
          return [
            moments, [result.minimum, result.maximum],
            [result.nanCount, result.infiniteCount, result.zeroCount].map { Double($0) },
          ]
        })
      #expect(
        isSame {
          var result = Differences(tolerance: 0.05)
          result.add(x.span.extracting(first: count / 3), y.span.extracting(first: count / 3))
          result.add(
            x.span.extracting(droppingFirst: count / 3), y.span.extracting(droppingFirst: count / 3)
          )
          return [
            result.maximumAbsolute, result.maximumRelative, result.rootMeanSquare, result.cosine,
            Double(result.differingCount),
          ]
        })
    }
  }
}

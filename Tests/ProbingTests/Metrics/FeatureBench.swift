import Dispatch
import Probing
import TestSupport

/// Features of streams as arrays, and how they are given to `LayerComparisons`.
enum FeatureBench {
  /// Uniform features, sample by sample.
  static func features(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  static func onTwoThreads(_ count: Int, _ body: @Sendable (Int) -> Void) {
    DispatchQueue.concurrentPerform(iterations: count, execute: body)
  }

  static func inTurn(_ count: Int, _ body: @Sendable (Int) -> Void) {
    for index in 0..<count { body(index) }
  }

  /// Adds streams to comparisons in batches of a size.
  static func add(
    _ streams: [[Float]], width: Int, to comparisons: inout LayerComparisons, batch: Int? = nil,
    mask: [Bool]? = nil, file: Int = 0, parallel: ParallelLoop = inTurn
  ) throws {
    let samples = width == 0 ? 0 : streams[0].count / width
    let size = batch ?? max(1, samples)
    for start in stride(from: 0, to: samples, by: size) {
      let count = min(size, samples - start)
      // Copies that live until the end, as a closure for each stream would nest.
      let buffers = unsafe streams.map { stream in
        let copy = UnsafeMutableBufferPointer<Float>.allocate(capacity: count * width)
        _ = unsafe copy.initialize(from: stream[start * width..<(start + count) * width])
        return UnsafeBufferPointer(copy)
      }
      defer { unsafe buffers.forEach { unsafe $0.deallocate() } }
      let rows = mask.map { $0.count / samples }
      unsafe try comparisons.add(
        buffers, samples: count, width: width,
        mask: rows.flatMap { rows in
          mask.map { Array($0[start * rows..<(start + count) * rows]) }
        }, file: file, parallel: parallel)
    }
  }

  /// The agreement of one pair of features, a sample a row.
  static func closeness(_ u: [Float], _ v: [Float], width: Int) throws -> Closeness {
    var comparisons = LayerComparisons(
      streams: 2,
      comparisons: [FeatureComparison(measured: .stream(0), reference: .stream(1))])
    try add([u, v], width: width, to: &comparisons)
    return try comparisons.closeness(0)
  }
}

/// Does `body(0)`, ..., `body(count - 1)`, on several threads or not; whoever owns the threads gives it.
package typealias ParallelLoop = (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

/// How the features of several streams agree at one layer, gathered batch by batch.
///
/// Per sample one row of figures is kept (see `ComparisonPlan`), grouped by data file. A row depends
/// on its sample only, and what is told of them is added up in the order in which samples came; so
/// the results are the same bits for any number of threads and any cutting into batches.
package struct LayerComparisons: Sendable {
  let plan: ComparisonPlan
  let comparisons: [FeatureComparison]
  /// For each data file the rows of its samples.
  private(set) var rows: [[Double]] = []

  /// - Parameters:
  ///   - streams: The number of streams that a batch gives.
  ///   - comparisons: What is asked for.
  ///   - norms: Further forms whose norms are kept, for `normRatio` and `fit`.
  package init(streams: Int, comparisons: [FeatureComparison], norms: [LinearForm] = []) {
    self.comparisons = comparisons
    plan = ComparisonPlan(streams: streams, comparisons: comparisons, norms: norms)
  }

  /// Takes a batch of one data file.
  ///
  /// - Parameters:
  ///   - features: For each stream `samples x width` values, sample by sample.
  ///   - samples: The number of samples.
  ///   - width: The number of values of a sample.
  ///   - mask: For each sample a flag for each row of its feature (an equal part of its values, such
  ///     as those of a token) that says whether the row counts; nil where all count.
  ///   - file: The number of the data file, from 0.
  ///   - parallel: Spreads the samples over threads.
  package mutating func add(
    _ features: [UnsafeBufferPointer<Float>], samples: Int, width: Int, mask: [Bool]? = nil,
    file: Int = 0, parallel: ParallelLoop
  ) {
    unsafe precondition(samples >= 0 && width >= 0 && features.count == plan.streams)
    unsafe precondition(features.allSatisfy { $0.count >= samples * width })
    guard samples > 0 else { return }
    while rows.count <= file { rows.append([]) }
    let first = rows[file].count
    rows[file].append(contentsOf: repeatElement(0, count: samples * plan.rowLength))

    let plan = self.plan
    // Enough samples a piece that handing it out costs nothing beside it.
    let piece = max(1, min(samples, 65536 / max(1, width)))
    // Safe: pieces write rows of their own, and the loop ends before the arrays go.
    unsafe rows[file].withUnsafeMutableBufferPointer { rows in
      guard let base = rows.baseAddress else { return }
      nonisolated(unsafe) let target = unsafe base + first
      nonisolated(unsafe) let features = unsafe features
      parallel((samples + piece - 1) / piece) { number in
        var measure = SampleMeasure(plan)
        var batch = unsafe SampleBatch(features, samples: samples, width: width, mask: mask)
        for sample in number * piece..<min((number + 1) * piece, samples) {
          unsafe batch.withSample(sample) { streams, count in
            unsafe measure.measure(
              streams, width: count, row: target + sample * plan.rowLength)
          }
        }
      }
    }
  }
}

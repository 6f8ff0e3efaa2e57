package import Checkpoints

/// Does `body(0)`, ..., `body(count - 1)`, on several threads or not; whoever owns the threads gives it.
package typealias ParallelLoop = (_ count: Int, _ body: @Sendable (Int) -> Void) -> Void

/// How the features of several streams agree at one layer, gathered batch by batch.
///
/// Per sample one row of figures is kept (see `ComparisonPlan`), grouped by data file, beyond a budget
/// of memory in a temporary file. A row depends on its sample only, and what is told of them is added up
/// in the order in which samples came; so the results are the same bits for any number of threads and
/// any cutting into batches.
package struct LayerComparisons: Sendable {
  let plan: ComparisonPlan
  let comparisons: [FeatureComparison]
  private(set) var rows: SampleRows

  /// - Parameters:
  ///   - streams: The number of streams that a batch gives.
  ///   - comparisons: What is asked for.
  ///   - norms: Further forms whose norms are kept, for `normRatio` and `fit`.
  ///   - archive: Where rows go that memory is too dear for; layers of one pass share one.
  package init(
    streams: Int, comparisons: [FeatureComparison], norms: [LinearForm] = [],
    archive: RowArchive = RowArchive()
  ) {
    self.comparisons = comparisons
    plan = ComparisonPlan(streams: streams, comparisons: comparisons, norms: norms)
    rows = SampleRows(length: plan.rowLength, archive: archive)
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
  /// - Throws: ``CheckpointError`` where rows are too many for memory and can't be written to a file.
  package mutating func add(
    _ features: [UnsafeBufferPointer<Float>], samples: Int, width: Int, mask: [Bool]? = nil,
    file: Int = 0, parallel: ParallelLoop
  ) throws(CheckpointError) {
    unsafe precondition(samples >= 0 && width >= 0 && features.count == plan.streams)
    unsafe precondition(features.allSatisfy { $0.count >= samples * width })
    guard samples > 0 else { return }

    let plan = self.plan
    // Enough samples a piece that handing it out costs nothing beside it.
    let piece = max(1, min(samples, 65536 / max(1, width)))
    // Safe: pieces write rows of their own, and the loop ends before the arrays go.
    unsafe try rows.append(samples, file: file) { rows in
      guard let base = rows.baseAddress else { return }
      nonisolated(unsafe) let target = unsafe base
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

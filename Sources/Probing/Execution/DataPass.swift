internal import Checkpoints
internal import Networks

/// One way through all data: batch by batch, layer by layer.
struct DataPass {
  let session: ProbeSession
  let lockstep: Lockstep

  /// The samples of a batch that count, and the file that they are from.
  struct Place {
    let file: Int
    /// The number of the first one in its file.
    let first: Int
    let samples: Int
    let labels: Labels?
    let mask: [Bool]?

    init(_ slice: DataCollection.Slice, _ batch: Batch) {
      file = slice.dataset
      first = slice.samples.lowerBound
      samples = slice.samples.count
      labels = batch.labels
      mask = batch.mask
    }
  }

  /// Runs everything.
  ///
  /// - Parameters:
  ///   - points: Whether a point of the plan is visited.
  ///   - visit: Called behind each layer of each batch.
  ///   - conclude: Called behind each batch with the networks' logits.
  /// - Throws: ``CheckpointError`` where data can't be read or a computation fails.
  func run(
    points: (Int) -> Bool = { _ in true },
    visit: (Place, Lockstep.Visit) throws(CheckpointError) -> Void,
    conclude: (Place, [FloatArray]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try session.forEachBatch(lockstep.kernels) { place, inputs throws(CheckpointError) in
      let logits = try lockstep.run(inputs, points: points) { seen throws(CheckpointError) in
        try visit(place, seen)
      }
      try conclude(place, logits)
    }
  }
}

extension ProbeSession {
  /// Reads all data, batch by batch.
  ///
  /// - Parameters:
  ///   - kernels: How many samples a batch has.
  ///   - body: Takes the samples' place and the model's inputs.
  /// - Throws: ``CheckpointError`` where data can't be read or aren't finite, and what `body` throws.
  func forEachBatch(
    _ kernels: NetworkKernels,
    _ body: (DataPass.Place, [FloatArray]) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var readers = data.datasets.map { $0.makeReader() }
    var done = 0
    for slice in data.batches(of: kernels.batch) {
      let batch = try readers[slice.dataset].read(slice.samples)
      try batch.requireFiniteInputs(of: data.datasets[slice.dataset].file)
      try body(DataPass.Place(slice, batch), batch.arrays(kernels))
      done += slice.samples.count
      progress(done, data.count)
    }
  }
}

/// Spreads iterations over the threads that networks compute on.
func onAllThreads(_ count: Int, _ body: @Sendable (Int) -> Void) {
  Threads.forEachRange(of: count) { range in
    for number in range { body(number) }
  }
}

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
    var readers = session.data.datasets.map { $0.makeReader() }
    var done = 0
    for slice in session.data.batches(of: lockstep.kernels.batch) {
      let batch = try readers[slice.dataset].read(slice.samples)
      try batch.requireFiniteInputs(of: session.data.datasets[slice.dataset].file)
      let place = Place(slice, batch)
      let logits = try lockstep.run(batch.arrays(lockstep.kernels), points: points) {
        seen throws(CheckpointError) in
        try visit(place, seen)
      }
      try conclude(place, logits)
      done += slice.samples.count
      session.progress(done, session.data.count)
    }
  }
}

/// Spreads iterations over the threads that networks compute on.
func onAllThreads(_ count: Int, _ body: @Sendable (Int) -> Void) {
  Threads.forEachRange(of: count) { range in
    for number in range { body(number) }
  }
}

internal import Checkpoints
internal import Networks

extension LayerComparisons {
  /// Takes one layer's features of one batch; samples that only fill the batch up don't count.
  ///
  /// - Parameters:
  ///   - arrays: For each stream the values, of shape (batch, …).
  ///   - mask: The positions that count, of shape (batch, time); they apply where the features have a time axis.
  ///   - place: The samples and their file.
  /// - Throws: ``CheckpointError`` where rows are too many for memory and can't be written to a file.
  mutating func add(
    _ arrays: [FloatArray], mask: FloatArray? = nil, _ place: DataPass.Place
  ) throws(CheckpointError) {
    guard let first = arrays.first, let batch = first.shape.first, batch > 0 else { return }
    let width = first.count / batch
    var flags: [Bool]?
    if let mask, first.shape.count > 2, mask.shape.count == 2, first.shape[1] == mask.shape[1] {
      flags = unsafe mask.values(0..<place.samples * mask.shape[1]).map { $0 != 0 }
    } else if let given = place.mask, first.shape.count > 2, place.samples > 0,
      given.count / place.samples == first.shape[1]
    {
      flags = given
    }
    unsafe try add(
      arrays.map { unsafe $0.values(0..<place.samples * width) }, samples: place.samples,
      width: width, mask: flags, file: place.file, parallel: onAllThreads)
  }
}

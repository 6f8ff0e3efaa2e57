package import Checkpoints

extension HDF5Layout {
  /// Adds texts to the root group of an output without moving any data set.
  ///
  /// It is done here where the root group is understood, else in a worker.
  ///
  /// - Parameters:
  ///   - attributes: The texts; an attribute of the same name is replaced.
  ///   - output: The output, complete.
  ///   - tree: The output's tree before; where it is given, it is made sure that nothing moves.
  /// - Throws: ``CheckpointError`` of kind `output`.
  package static func addRootAttributes(
    _ attributes: [Checkpoint.Attribute], to output: StagedFile, checking tree: HDF5Tree? = nil
  ) throws(CheckpointError) {
    let datasets = tree?.datasets ?? []
    if try !NativeAnnotator.add(attributes, to: output, sparing: datasets) {
      try addInWorker(attributes, to: output, checking: tree)
    }
  }

  /// Adds texts by libhdf5; the output is then surveyed again to make sure that nothing moved.
  static func addInWorker(
    _ attributes: [Checkpoint.Attribute], to output: StagedFile, checking tree: HDF5Tree?
  ) throws(CheckpointError) {
    var wire = WireWriter()
    wire.write(attributes: attributes)
    let answer = try WorkerProcess.answer(
      to: wire.bytes, mode: .annotate, descriptors: [output.descriptor],
      file: output.destination.name)
    try expectEnd(answer, of: output)
    guard let tree else { return }
    let result = try survey(output)
    guard result.datasets.count == tree.datasets.count,
      zip(result.datasets, tree.datasets).allSatisfy({ $0.hasSamePlace(as: $1) })
    else {
      throw CheckpointError(
        .output, file: output.destination.name,
        fact: "data sets moved when attributes were added", remedy: "leave the attributes out")
    }
  }
}

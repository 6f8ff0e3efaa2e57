package import Checkpoints
import Synchronization

/// Stores filtered chunks in an output, through one worker.
///
/// Threads hand over chunks in any order; the worker writes them one by one (H5Dwrite_chunk), as the
/// library would in any case.
package final class HDF5ChunkWriter: ChunkSink {
  private struct State {
    var worker: WorkerProcess?
    /// Whether the worker ended early; it says why when it is asked.
    var isBroken = false
  }

  private let output: StagedFile
  private let addresses: [Int: UInt64]
  private let state: Mutex<State>

  /// Starts a writer.
  ///
  /// - Parameters:
  ///   - output: The output, laid out.
  ///   - datasets: The output's data sets by the number under which chunks are stored.
  /// - Throws: ``CheckpointError`` where the worker can't be started.
  package init(
    output: StagedFile, datasets: [Int: HDF5Dataset]
  ) throws(CheckpointError) {
    self.output = output
    addresses = datasets.mapValues(\.address)
    let worker = try WorkerProcess(
      mode: .chunks, descriptors: [output.descriptor],
      file: output.destination.name)
    state = Mutex(State(worker: worker))
  }

  /// Hands one chunk to the worker.
  ///
  /// - Parameters:
  ///   - bytes: The chunk after all filters.
  ///   - origin: The chunk's place in the data set, in elements along each axis.
  ///   - tensor: The data set's number.
  /// - Throws: ``CheckpointError`` where the worker failed.
  package func store(_ bytes: [UInt8], at origin: [Int], tensor: Int) throws(CheckpointError) {
    guard let address = addresses[tensor] else {
      throw CheckpointError(
        .output, file: output.destination.name, fact: "has no data set for tensor \(tensor)")
    }
    var header = WireWriter()
    header.write(address)
    header.write(integers: origin.map { UInt64(clamping: $0) })
    header.write(UInt64(bytes.count))
    var frame = WireWriter()
    frame.write(UInt64(header.bytes.count))
    let isSent = state.withLock { state in
      guard let worker = state.worker, !state.isBroken else { return false }
      let isSent =
        worker.send(frame.bytes) && worker.send(header.bytes) && worker.send(bytes)
      state.isBroken = !isSent
      return isSent
    }
    if !isSent { try finish() }
  }

  /// Waits until every chunk is stored and the file is closed.
  ///
  /// - Throws: ``CheckpointError`` of kind `output` where a chunk couldn't be stored.
  package func finish() throws(CheckpointError) {
    let worker = state.withLock { state in
      defer { state.worker = nil }
      return state.worker
    }
    guard let worker else {
      throw CheckpointError(
        .output, file: output.destination.name,
        fact: "can't be written: storing chunks failed earlier")
    }
    var end = WireWriter()
    end.write(UInt64(0))
    _ = worker.send(end.bytes)
    try HDF5Layout.expectEnd(try worker.finish(), of: output)
  }
}

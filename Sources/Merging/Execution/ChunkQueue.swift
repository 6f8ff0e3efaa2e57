import Checkpoints
import Synchronization

/// Hands bands of chunks to their sinks in the order of the work list.
///
/// Threads finish bands in any order; without this the chunks' order in the file would depend on it.
/// A band that is early waits here, in its stored form.
final class ChunkQueue: Sendable {
  /// A chunk in its stored form.
  struct Chunk: Sendable {
    let bytes: [UInt8]
    let origin: [Int]
  }

  private struct Band {
    let chunks: [Chunk]
    let tensor: Int
    let sink: any ChunkSink
  }

  private struct State {
    var next = 0
    var early: [Int: Band] = [:]
  }

  private let state = Mutex(State())

  /// Takes a band, and stores it and those that waited for it when its turn has come.
  ///
  /// - Parameters:
  ///   - chunks: The band's chunks.
  ///   - tensor: The tensor's place in the template.
  ///   - sink: Where they go.
  ///   - number: The band's number among all bands.
  /// - Throws: What the sink throws.
  func add(
    _ chunks: [Chunk], of tensor: Int, to sink: any ChunkSink, number: Int
  ) throws(CheckpointError) {
    try state.withLock { (state) throws(CheckpointError) in
      state.early[number] = Band(chunks: chunks, tensor: tensor, sink: sink)
      while let band = state.early.removeValue(forKey: state.next) {
        state.next += 1
        for chunk in band.chunks {
          try band.sink.store(chunk.bytes, at: chunk.origin, tensor: band.tensor)
        }
      }
    }
  }
}

import Checkpoints
import Dispatch
import Synchronization

/// Hands bands of chunks to their sinks in the order of the work list.
///
/// Threads finish bands in any order; without this the chunks' order in the file would depend on it.
/// A band that is early waits here, in its stored form; a thread that is too far ahead waits before
/// it begins, so that one slow thread doesn't make the others fill the memory.
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
    /// The bands that threads are at.
    var begun: Set<Int> = []
    var isAbandoned = false
    var waiting = 0
  }

  private let state = Mutex(State())
  private let turn = DispatchSemaphore(value: 0)
  /// How many bands a thread may be ahead: at least the number of threads, or some would idle.
  private let reach: Int

  /// A queue for so many threads.
  init(threads: Int) {
    reach = threads + 2
  }

  /// Waits until a band isn't too early to begin.
  ///
  /// A thread waits only while another is at the band whose turn it is, and that one waits no more; so
  /// somebody goes on whatever the order in which bands are taken.
  func waitForTurn(of number: Int) {
    while state.withLock({ state in
      let isEarly = number - state.next > reach && state.begun.contains(state.next)
      guard isEarly, !state.isAbandoned else {
        state.begun.insert(number)
        return false
      }
      state.waiting += 1
      return true
    }) {
      turn.wait()
    }
  }

  /// Lets everybody go on: a band will never come, as the merge has failed.
  func abandon() {
    state.withLock { state in
      state.isAbandoned = true
      wakeAll(&state)
    }
  }

  private func wakeAll(_ state: inout State) {
    for _ in 0..<state.waiting { turn.signal() }
    state.waiting = 0
  }

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
        state.begun.remove(state.next)
        state.next += 1
        wakeAll(&state)
        for chunk in band.chunks {
          try band.sink.store(chunk.bytes, at: chunk.origin, tensor: band.tensor)
        }
      }
    }
  }
}

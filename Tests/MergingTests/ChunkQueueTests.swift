import Checkpoints
import Synchronization
import Testing

@testable import Merging

@Suite("The queue of chunks")
struct ChunkQueueTests {
  /// Notes what it is given.
  private final class Notes: ChunkSink {
    let stored = Mutex<[Int]>([])

    func store(_ bytes: [UInt8], at origin: [Int], tensor: Int) throws(CheckpointError) {
      stored.withLock { $0.append(origin[0]) }
    }
  }

  @Test("bands are stored in their order, whatever the order in which one thread takes them")
  func lonelyThread() throws {
    let orders = [Array(0..<20), Array((0..<20).reversed()), [19, 3, 7] + Array(0..<3)]
    for order in orders {
      let queue = ChunkQueue(threads: 1)
      let notes = Notes()
      for number in order {
        // Nobody else would ever take the bands before: waiting for them would be forever.
        queue.waitForTurn(of: number)
        let chunk = ChunkQueue.Chunk(bytes: [UInt8(number)], origin: [number])
        try queue.add([chunk], of: 0, to: notes, number: number)
      }
      let expected = order.count == 20 ? Array(0..<20) : [0, 1, 2, 3]
      #expect(notes.stored.withLock { $0 } == expected)
    }
  }
}

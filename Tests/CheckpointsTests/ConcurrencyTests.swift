import Checkpoints
import Synchronization
import Testing

/// Work that is shared out among threads.
struct ConcurrencyTests {
  @Test(arguments: [0, 1, 2, 7, 1000], [-1, 0, 1, 2, 3, 16])
  func everyPieceIsDoneOnce(count: Int, threads: Int) throws {
    let seen = Mutex([Int](repeating: 0, count: count))
    try forEachConcurrently(count: count, threads: threads, makeState: { () }) {
      (index, _) throws(CheckpointError) in
      seen.withLock { $0[index] += 1 }
    }
    #expect(seen.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test(arguments: 1...3)
  func everyThreadHasAStateOfItsOwn(threads: Int) throws {
    let made = Atomic(0)
    let totals = Mutex([Int: Int]())
    try forEachConcurrently(
      count: 200, threads: threads,
      makeState: { (id: made.wrappingAdd(1, ordering: .relaxed).oldValue, done: 0) }
    ) { (_, state: inout (id: Int, done: Int)) throws(CheckpointError) in
      state.done += 1
      totals.withLock { $0[state.id] = state.done }
    }
    #expect(made.load(ordering: .relaxed) <= threads)
    #expect(totals.withLock { $0.values.reduce(0, +) } == 200)
  }

  @Test func oneThreadWorksInOrder() throws {
    let order = Mutex<[Int]>([])
    try forEachConcurrently(count: 50, threads: 1, makeState: { () }) {
      (index, _) throws(CheckpointError) in
      order.withLock { $0.append(index) }
    }
    #expect(order.withLock { $0 } == Array(0..<50))
  }

  @Test(arguments: 1...3)
  func theFailureOfTheLowestPieceIsThrown(threads: Int) {
    let begun = Atomic(0)
    let error = #expect(throws: CheckpointError.self) {
      try forEachConcurrently(count: 100_000, threads: threads, makeState: { () }) {
        (index, _) throws(CheckpointError) in
        begun.wrappingAdd(1, ordering: .relaxed)
        if index >= 10 { throw .unusable("\(index)", "failed") }
      }
    }
    // Pieces are handed out in order, so that piece 10 is among those that were begun.
    #expect(error?.file == "10")
    #expect(begun.load(ordering: .relaxed) <= 10 + threads)
  }
}

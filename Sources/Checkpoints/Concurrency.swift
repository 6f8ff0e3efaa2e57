import Dispatch
import Synchronization

/// Does numbered pieces of work on several threads, each thread with a state of its own.
///
/// Pieces are handed out in order. After a failure no further piece is begun, and the failure of the
/// lowest number is thrown, so that a message doesn't depend on timing more than it must.
///
/// - Parameters:
///   - count: The number of pieces.
///   - threads: The most threads to use; the machine's cores bound it too.
///   - makeState: Makes a thread's state (its buffers).
///   - body: Does piece `index`.
/// - Throws: What `body` throws.
package func forEachConcurrently<State>(
  count: Int, threads: Int, makeState: @Sendable () -> State,
  _ body: @Sendable (_ index: Int, _ state: inout State) throws(CheckpointError) -> Void
) throws(CheckpointError) {
  let next = Atomic(0)
  let failure = Mutex<(index: Int, error: CheckpointError)?>(nil)
  let hasFailed = Atomic(false)
  // Dispatch's pool, not tasks: the pieces block in system calls.
  DispatchQueue.concurrentPerform(iterations: max(1, min(threads, count))) { _ in
    var state = makeState()
    while !hasFailed.load(ordering: .relaxed) {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      do throws(CheckpointError) {
        try body(index, &state)
      } catch {
        hasFailed.store(true, ordering: .relaxed)
        failure.withLock { known in
          if let earlier = known, earlier.index < index { return }
          known = (index, error)
        }
      }
    }
  }
  if let failed = failure.withLock({ $0 }) { throw failed.error }
}

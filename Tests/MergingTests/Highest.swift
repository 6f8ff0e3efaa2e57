import Synchronization

/// The highest progress that was reported, from any thread.
final class Highest: Sendable {
  private let known = Mutex((done: 0, total: 0))

  func note(_ done: Int, of total: Int) {
    known.withLock { $0 = (max($0.done, done), total) }
  }

  var done: Int { known.withLock { $0.done } }
  var total: Int { known.withLock { $0.total } }
}

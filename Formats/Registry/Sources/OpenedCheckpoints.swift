import Checkpoints
import Synchronization

/// Checkpoints that several threads put in their places.
final class OpenedCheckpoints: Sendable {
  private let places: Mutex<[Checkpoint?]>

  init(count: Int) {
    places = Mutex([Checkpoint?](repeating: nil, count: count))
  }

  func set(_ checkpoint: Checkpoint, at index: Int) {
    places.withLock { $0[index] = checkpoint }
  }

  /// Those that were opened, in their order.
  var all: [Checkpoint] {
    places.withLock { $0.compactMap(\.self) }
  }
}

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

/// Keeps the descriptions of tensors, not the files, until the process ends.
///
/// Giving back the memory of tens of thousands of tensors part by part would only delay the end.
func keepDescriptions(of checkpoints: [Checkpoint]) {
  final class Keeper {
    let parts: [(tensors: [Tensor], layouter: any OutputLayouter)]

    init(_ checkpoints: [Checkpoint]) {
      parts = checkpoints.map { ($0.tensors, $0.layouter) }
    }
  }
  _ = unsafe Unmanaged.passRetained(Keeper(checkpoints))
}

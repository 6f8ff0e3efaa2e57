package import Checkpoints

/// In which of Keras's two ways a file names a network's weights.
package enum WeightsLayout: Hashable, Sendable {
  /// A group for each layer of the outermost model, its weights by name; `group` is the path of the
  /// layers' groups, empty or ending in a slash.
  case legacy(group: String)
  /// Groups numbered by class, variables numbered in them: `.weights.h5` and `.keras`.
  case store

  /// The layout of a checkpoint; nil for files that aren't Keras's.
  package init?(_ checkpoint: Checkpoint) {
    switch checkpoint.format {
    case "keras-legacy-model": self = .legacy(group: "model_weights/")
    case "keras-legacy-weights": self = .legacy(group: "")
    case "keras-weights", "keras-weights-sharded", "keras-archive": self = .store
    default: return nil
    }
  }
}

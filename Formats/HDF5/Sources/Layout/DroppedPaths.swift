import Checkpoints

/// Paths that an output leaves out, with all that lies below.
struct DroppedPaths {
  private let paths: Set<TensorName>

  init(_ paths: [TensorName]) {
    self.paths = Set(paths)
  }

  /// Whether a path or a group above it is left out.
  func contains(_ path: TensorName) -> Bool {
    guard !paths.isEmpty else { return false }
    if paths.contains(path) { return true }
    for (index, byte) in path.bytes.enumerated() where byte == UInt8(ascii: "/") {
      if paths.contains(TensorName(bytes: Array(path.bytes[..<index]))) { return true }
    }
    return false
  }
}

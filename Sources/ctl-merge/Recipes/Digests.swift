import Synchronization

/// Digests that several threads bring.
final class Digests: Sendable {
  private let values = Mutex([String: String]())

  func set(_ name: String, _ digest: String) {
    values.withLock { $0[name] = digest }
  }

  /// All of them, by name.
  var all: [String: String] { values.withLock { $0 } }
}

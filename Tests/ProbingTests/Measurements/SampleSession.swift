import Checkpoints
import FormatRegistry
import Networks
import Probing
import TestSupport

/// Sessions on the shipped samples.
enum SampleSession {
  /// Opens models and data of the samples folder.
  ///
  /// - Parameters:
  ///   - models: Files such as `mlp/task-a-1`.
  ///   - data: Files such as `test`.
  ///   - change: Changes the settings.
  /// - Returns: The session.
  /// - Throws: What opening throws.
  static func open(
    _ models: [String], data: [String] = ["test"],
    _ change: (inout ProbeSession.Settings) throws -> Void = { _ in }
  ) throws -> ProbeSession {
    var settings = ProbeSession.Settings()
    try change(&settings)
    return try ProbeSession(
      models: models.enumerated().map {
        ProbeSession.Model(try file($1), part: "source \($0 + 1)")
      }, data: data.map { try file($0) }, settings: settings)
  }

  /// A file of the samples folder.
  static func file(_ name: String) throws -> Checkpoint {
    try CheckpointFormats.open("\(Repository.root)/samples/\(name).h5")
  }
}

package import Checkpoints
import FoundationEssentials

/// What a merged file says about its making, as JSON in one attribute of the root.
///
/// It holds no time and no machine, so that the same inputs give the same bytes. The mark of a task
/// vector is part of it, and is written even where provenance isn't wanted: `add` must know.
package struct Provenance: Codable {
  /// The attribute's name.
  package static let attributeName = "ctl_merge"

  /// The base of a task vector.
  package struct Base: Codable, Equatable {
    package var file: String
    package var fingerprint: String
  }

  /// What the file holds; absent for a model.
  package var kind: String?
  /// The version of the program.
  package var version: String?
  /// The verb.
  package var method: String?
  /// The verb's parameters.
  package var parameters: [String: String]?
  /// The names of the sources, without folders.
  package var sources: [String]?
  /// The base.
  package var base: Base?
  /// The recipe, word for word, where the output was made by one.
  package var recipe: String?
  /// The name of this output, where the recipe has several.
  package var output: String?
  /// What the recipe was run with beside its own words, where that changes the output.
  package var options: [String: String]?
  /// The digests of the sources of a recipe, by what the recipe calls them.
  package var sha256: [String: String]?
  /// The patterns of what was merged and what wasn't.
  package var include: [String]?
  package var exclude: [String]?

  package init() {}

  /// Reads what a checkpoint says about itself, or nil where it says nothing that is understood.
  package init?(of checkpoint: Checkpoint) {
    guard let text = checkpoint.attribute(Provenance.attributeName),
      let value = try? JSONDecoder().decode(Provenance.self, from: Data(text.utf8))
    else { return nil }
    self = value
  }

  /// What a checkpoint holds, by its own word.
  package static func kind(of checkpoint: Checkpoint) -> SourceKind {
    Provenance(of: checkpoint)?.kind.flatMap(SourceKind.init(rawValue:)) ?? .model
  }

  /// The attribute that carries it.
  package func attribute() -> Checkpoint.Attribute? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else { return nil }
    return Checkpoint.Attribute(
      name: Provenance.attributeName, value: String(decoding: data, as: UTF8.self))
  }
}

import Checkpoints
import Merging

/// What an output of `run` tells of its making.
struct RecordedRecipe {
  /// The recipe, word for word.
  let text: String
  /// The options that changed the output.
  let options: [String: String]
  /// The sources' digests, by what the recipe calls them.
  let digests: [String: String]
  /// The name of this output among several; nil for the only one.
  let output: String?
  /// The version of the program.
  let version: String?

  /// Reads it.
  ///
  /// - Throws: ``CheckpointError`` where the file tells no recipe.
  init(of checkpoint: Checkpoint) throws(CheckpointError) {
    guard let provenance = Provenance(of: checkpoint), let text = provenance.recipe else {
      throw .unusable(
        checkpoint.file.name, "doesn't tell a recipe",
        remedy: "only files that ctl-merge run wrote do")
    }
    self.text = text
    options = provenance.options ?? [:]
    digests = provenance.sha256 ?? [:]
    output = provenance.output
    version = provenance.version
  }
}

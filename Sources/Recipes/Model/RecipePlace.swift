package import Checkpoints

/// Where something stands in a recipe.
package struct RecipePlace: Hashable, Sendable {
  /// The file, as the user named it.
  package let file: String
  /// The line, from 1.
  package let line: Int
  /// The way to it from the top: `slices[0].sources[1].parameters.weight`.
  package let path: String

  /// An error about what stands here.
  package func fault(_ fact: String, remedy: String? = nil) -> CheckpointError {
    CheckpointError(
      .unusable, file: "\(file):\(line)", subject: path.isEmpty ? nil : path, fact: fact,
      remedy: remedy)
  }

  /// A note about what stands here, for somebody to read.
  package func note(_ fact: String, remedy: String? = nil) -> String {
    fault(fact, remedy: remedy).description
  }

  /// The place of a member of the mapping here.
  func member(_ key: String, line: Int) -> RecipePlace {
    RecipePlace(file: file, line: line, path: path.isEmpty ? key : "\(path).\(key)")
  }

  /// The place of an element of the list here.
  func element(_ index: Int, line: Int) -> RecipePlace {
    RecipePlace(file: file, line: line, path: "\(path)[\(index)]")
  }
}

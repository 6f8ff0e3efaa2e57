package import Checkpoints

/// A recipe: what to merge, how, and into which outputs; a checked value that touches no checkpoint.
package struct Recipe: Sendable {
  /// The file, as the user named it.
  package let file: String
  /// All merges; models refer to them by index.
  package let merges: [RecipeMerge]
  /// The merge whose result is written.
  package let main: Int
  /// The outputs; one without a name where the recipe lists none.
  package let outputs: [RecipeOutput]
  /// Types, tokenizer, whose defaults.
  package let options: RecipeOptions
  /// What somebody should know: settings without effect, names that nothing uses.
  package let warnings: [String]

  /// Reads a recipe and checks all that can be known without the checkpoints.
  ///
  /// - Parameters:
  ///   - bytes: The YAML text in UTF-8.
  ///   - file: The name for errors.
  /// - Throws: ``CheckpointError`` of kind `unusable` with file, line and the path in the YAML.
  package init(parsing bytes: [UInt8], file: String) throws(CheckpointError) {
    var reader = RecipeReader(file: file)
    self = try reader.recipe(of: bytes)
  }

  init(
    file: String, merges: [RecipeMerge], main: Int, outputs: [RecipeOutput],
    options: RecipeOptions, warnings: [String]
  ) {
    self.file = file
    self.merges = merges
    self.main = main
    self.outputs = outputs
    self.options = options
    self.warnings = warnings
  }

  /// The checkpoints to survey, each once, in the order in which the written merge needs them.
  package var files: [String] {
    var files: [String] = []
    var seen: Set<ModelReference> = []
    func collect(_ merge: Int) {
      for model in merges[merge].models where seen.insert(model).inserted {
        switch model {
        case .file(let path): files.append(path)
        case .merge(let index): collect(index)
        }
      }
    }
    collect(main)
    return files
  }

  /// The checkpoint on which the output is modelled: the base, or else the first source, of nested
  /// merges theirs.
  package var template: String {
    var merge = main
    while true {
      switch merges[merge].models.first {
      case .file(let path): return path
      case .merge(let index): merge = index
      case nil: return file
      }
    }
  }
}

/// One of the files that a recipe makes.
package struct RecipeOutput: Sendable {
  /// The name that tells it from the others; nil where there is one output only.
  package let name: String?
  /// Parameters that count before all others.
  package let parameters: ParameterSettings
}

/// What a recipe says of the output as a whole.
package struct RecipeOptions: Sendable {
  /// Where the files of the tokenizer come from.
  package enum Tokenizer: Hashable, Sendable {
    /// The template, with its other side files.
    case template
    /// A checkpoint's folder.
    case model(String)
  }

  /// The type in which mergekit computes (`dtype`), where it isn't the output's; nil for none.
  package var computation: ElementType?
  /// The type of the output (`out_dtype`, else `dtype`); nil keeps the template's.
  package var elementType: ElementType?
  /// Where the files of the tokenizer come from.
  package var tokenizer = Tokenizer.template
  /// Whose definitions and defaults count; nil where the recipe doesn't say.
  package var compatibility: Compatibility?
  /// Whether warnings are errors.
  package var isStrict = false
}

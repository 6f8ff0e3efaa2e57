import Checkpoints

/// Reads what a recipe says of the output as a whole.
enum OptionReading {
  /// The options of the document that is written.
  static func options(
    _ members: [String: RecipeField], in reader: inout RecipeReader
  ) throws(CheckpointError) -> RecipeOptions {
    var options = RecipeOptions()
    options.computation = try type(members["dtype"])
    options.elementType = try type(members["out_dtype"]) ?? options.computation
    if let field = members["compat"] {
      let word = try field.word(among: Compatibility.allCases.map(\.rawValue))
      options.compatibility = Compatibility(rawValue: word)
    }
    options.isStrict = try members["strict"]?.truth() ?? false
    options.tokenizer = try tokenizer(members, in: &reader)
    if let field = members["chat_template"] {
      throw field.place.fault(
        "isn't written by this program",
        remedy: "leave it out, and edit tokenizer_config.json of the output")
    }
    return options
  }

  private static func type(_ field: RecipeField?) throws(CheckpointError) -> ElementType? {
    guard let field else { return nil }
    return try elementType(field)
  }

  /// The element type that a name stands for; nil for `keep`.
  static func elementType(_ field: RecipeField) throws(CheckpointError) -> ElementType? {
    let text = try field.text()
    let name = text.hasPrefix("torch.") ? String(text.dropFirst(6)) : text
    switch name {
    case "float64": return .float64
    case "float32": return .float32
    case "float16": return .float16
    case "bfloat16": return .bfloat16
    case "keep": return nil
    default:
      let known = ["float64", "float32", "float16", "bfloat16", "keep"]
      throw field.place.fault(
        "'\(text)' is no type of an output", remedy: Suggestion.remedy(for: name, among: known))
    }
  }

  private static func tokenizer(
    _ members: [String: RecipeField], in reader: inout RecipeReader
  ) throws(CheckpointError) -> RecipeOptions.Tokenizer {
    if let first = members["tokenizer_source"] {
      guard members["tokenizer"] == nil else {
        throw first.place.fault("stands beside tokenizer", remedy: "keep one of them")
      }
      return try source(first, in: &reader)
    }
    guard let field = members["tokenizer"] else { return .template }
    let inner = try field.members(known: ["source", "tokens", "pad_to_multiple_of"])
    for key in ["tokens", "pad_to_multiple_of"] {
      guard let field = inner[key] else { continue }
      throw field.place.fault(
        "changes a vocabulary, which this program doesn't",
        remedy: "leave it out; the files of one tokenizer are copied as they are")
    }
    guard let source = inner["source"] else {
      throw field.place.fault("has no source", remedy: "write source: base, or a model")
    }
    return try self.source(source, in: &reader)
  }

  private static func source(
    _ field: RecipeField, in reader: inout RecipeReader
  ) throws(CheckpointError) -> RecipeOptions.Tokenizer {
    if case .scalar = field.node.content {
      switch try field.text() {
      case "base": return .template
      case "union":
        throw field.place.fault(
          "'union' merges vocabularies, which this program doesn't",
          remedy: "write base, or a model whose tokenizer fits, to copy its files")
      default: break
      }
    }
    switch try reader.model(field) {
    case .file(let path): return .model(path)
    case .merge:
      throw field.place.fault(
        "names a recipe, which has no tokenizer of its own", remedy: "name a model")
    }
  }
}

import Checkpoints

/// Turns a YAML text into a recipe.
///
/// Names are gathered first, so that a merge may use what is only written below it.
struct RecipeReader {
  let file: String
  /// Checkpoints by the names that the recipe gives them.
  var sources: [String: String] = [:]
  /// Merges by their names.
  var names: [String: Int] = [:]
  /// Merges by index; nil while they are unread.
  var merges: [RecipeMerge?] = []
  /// The names that some model used.
  var used: Set<String> = []
  var warnings: [String] = []

  init(file: String) {
    self.file = file
  }

  /// What a document may hold beside its merge.
  static let documentKeys =
    MergeReading.keys + [
      "name", "tokenizer_source", "tokenizer", "chat_template", "sources", "recipes", "outputs",
      "compat", "strict",
    ]

  private struct Document {
    let field: RecipeField
    let members: [String: RecipeField]
    let merge: Int
    var name: String?
  }

  /// Reads all documents and puts them together.
  mutating func recipe(of bytes: [UInt8]) throws(CheckpointError) -> Recipe {
    let nodes = try YAMLText.documents(of: bytes, file: file)
    var documents: [Document] = []
    for (index, node) in nodes.enumerated() {
      let path = nodes.count > 1 ? "document[\(index)]" : ""
      let place = RecipePlace(file: file, line: node.line, path: path)
      let field = RecipeField(node: node, place: place)
      documents.append(
        Document(
          field: field, members: try field.members(known: Self.documentKeys), merge: merges.count))
      merges.append(nil)
    }
    var parts: [(field: RecipeField, name: String, merge: Int)] = []
    for index in documents.indices {
      if let field = documents[index].members["name"] {
        documents[index].name = try field.text()
        try declare(field, merge: documents[index].merge)
      }
      for (name, field) in try documents[index].members["sources"]?.members() ?? [] {
        try claim(name, at: field.place)
        sources[name] = try field.text()
      }
      for (name, field) in try documents[index].members["recipes"]?.members() ?? [] {
        try claim(name, at: field.place)
        names[name] = merges.count
        parts.append((field, name, merges.count))
        merges.append(nil)
      }
    }
    for part in parts {
      let members = try part.field.members(known: MergeReading.keys)
      merges[part.merge] = try merge(part.field, members, name: part.name, isInner: true)
    }
    for document in documents {
      merges[document.merge] = try merge(
        document.field, document.members, name: document.name, isInner: false)
    }
    let main = try main(documents)
    let whole = try finished()
    try RecipeGraph(merges: whole).check()
    return try assembled(whole, documents[main], documents)
  }

  /// Takes a name for a merge.
  private mutating func declare(_ field: RecipeField, merge: Int) throws(CheckpointError) {
    let name = try field.text()
    try claim(name, at: field.place)
    names[name] = merge
  }

  private func claim(_ name: String, at place: RecipePlace) throws(CheckpointError) {
    guard sources[name] == nil, names[name] == nil else {
      throw place.fault("gives the name '\(name)' a second time", remedy: "choose another name")
    }
    guard !name.isEmpty else { throw place.fault("has an empty name") }
  }

  private func finished() throws(CheckpointError) -> [RecipeMerge] {
    var whole: [RecipeMerge] = []
    for merge in merges {
      guard let merge else { throw .unusable(file, "has a merge that can't be read") }
      whole.append(merge)
    }
    return whole
  }

  /// The document that is written: the one without a name, or the only one that no other uses.
  private func main(_ documents: [Document]) throws(CheckpointError) -> Int {
    guard !documents.isEmpty else {
      throw .unusable(
        file, "is empty", remedy: "a recipe has at least a merge_method and models")
    }
    let unnamed = documents.indices.filter { documents[$0].name == nil }
    let unused = documents.indices.filter { !used.contains(documents[$0].name ?? "") }
    let candidates = unnamed.isEmpty ? unused : unnamed
    guard let last = candidates.last else {
      throw .unusable(
        file, "has no document that is the output: each is used by another",
        remedy: "leave out the name of the one to write")
    }
    guard candidates.count == 1 else {
      throw documents[last].field.place.fault(
        "is a second document that could be the output",
        remedy: "name all but one, and use the named as models")
    }
    return last
  }

  private mutating func noteUnused(main: String?) {
    for name in (Array(sources.keys) + Array(names.keys)).sorted()
    where !used.contains(name) && name != main {
      warnings.append(
        "\(file): the name '\(name)' is never used; use it as a model or leave it out")
    }
  }

  private mutating func assembled(
    _ merges: [RecipeMerge], _ document: Document, _ documents: [Document]
  ) throws(CheckpointError) -> Recipe {
    for other in documents where other.merge != document.merge {
      for key in ["outputs", "compat", "strict", "tokenizer_source", "tokenizer", "chat_template"] {
        guard let field = other.members[key] else { continue }
        throw field.place.fault(
          "stands in a document that is only used by another",
          remedy: "move it to the document whose result is written")
      }
    }
    let main = merges[document.merge]
    let options = try OptionReading.options(document.members, in: &self)
    noteUnused(main: document.name)
    let methods = [main.method] + main.rules.compactMap(\.method)
    let outputs = try OutputReading(methods: methods).outputs(
      document.members["outputs"], warnings: &warnings)
    let recipe = Recipe(
      file: file, merges: merges, main: document.merge, outputs: outputs, options: options,
      warnings: warnings)
    if options.isStrict, let first = warnings.first {
      throw .unusable(file, "is strict, and there is a warning: \(first)")
    }
    return recipe
  }
}

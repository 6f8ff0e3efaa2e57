import Checkpoints
import FormatRegistry
import Merging

/// Where a recipe's output goes: a file, or a folder with the template's side files.
struct RecipeTarget {
  /// What the user named.
  let path: String
  /// The file of the weights, whose name tells the format.
  let weights: String
  /// The files that belong to the weights, and the folders that they are in.
  private let sideFiles: [(name: String, folder: String)]
  private let layers: LayerCounts
  private let isFolder: Bool
  private let options: MergeOptions

  /// The name of the weights in a folder, as Hugging Face's libraries look for them.
  private static let weightsName = "model.safetensors"

  /// The file of the weights of an output that exists.
  static func weights(of path: String) -> String {
    FolderListing.names(in: path) == nil ? path : "\(path)/\(weightsName)"
  }

  /// A target.
  ///
  /// - Parameters:
  ///   - path: What the user named; a name without an ending is a folder where the template is one.
  ///   - template: The template's file or folder.
  ///   - tokenizer: The folder of the tokenizer's files; nil for the template's.
  ///   - layers: How many layers the template and the output have.
  ///   - options: Whether existing outputs are replaced, and so on.
  /// - Throws: ``CheckpointError`` of kind `output` where it can't be written.
  init(
    _ path: String, template: String, tokenizer: String?, layers: LayerCounts,
    _ options: MergeOptions
  ) throws(CheckpointError) {
    self.path = path
    self.options = options
    self.layers = layers
    let isNamedFile = path == "-" || OutputFormats.Family(path: path) != nil
    isFolder = !isNamedFile && FolderListing.names(in: template) != nil
    sideFiles = isFolder ? RecipeTarget.sideFiles(of: template, tokenizer: tokenizer) : []
    if !isFolder, let tokenizer {
      throw CheckpointError(
        .usage, subject: "tokenizer of \(tokenizer)", fact: "has no place in a single file",
        remedy: "name a folder as the output, and folders as models")
    }
    weights = isFolder ? "\(path)/\(RecipeTarget.weightsName)" : path
    if options.dryRun { return }
    if isFolder {
      try StagedFolder.check(path)
    } else {
      try options.checkOutputs([StagedFile.Destination(argument: path)])
    }
  }

  /// The template's side files, the tokenizer's among them from another folder where one is named.
  private static func sideFiles(
    of template: String, tokenizer: String?
  ) -> [(name: String, folder: String)] {
    let own = ShardedOutput.sideFiles(of: template).map { ($0, template) }
    guard let tokenizer else { return own }
    return own.filter { !isOfTokenizer($0.0) }
      + ShardedOutput.sideFiles(of: tokenizer).filter(isOfTokenizer).map { ($0, tokenizer) }
  }

  /// Whether a file belongs to a tokenizer, as Hugging Face's libraries name them.
  private static func isOfTokenizer(_ name: String) -> Bool {
    [
      "tokenizer", "vocab", "merges.txt", "special_tokens_map", "added_tokens", "spiece",
      "sentencepiece", "chat_template",
    ].contains { name.hasPrefix($0) }
  }

  /// Writes the weights and what belongs to them.
  ///
  /// - Parameter body: Writes the weights.
  /// - Returns: What `body` returns.
  /// - Throws: ``CheckpointError``; nothing is left behind then.
  func write(
    _ body: (StagedFile.Destination) throws(CheckpointError) -> MergeSummary
  ) throws(CheckpointError) -> MergeSummary {
    guard isFolder else { return try body(StagedFile.Destination(argument: path)) }
    let folder = try StagedFolder.create(
      path, files: sideFiles.map(\.name) + [RecipeTarget.weightsName])
    let summary = try body(.file(folder.path(of: RecipeTarget.weightsName)))
    for file in sideFiles {
      if file.name == "config.json" {
        try folder.copy(
          file.name, from: file.folder, durably: options.sync, changing: layers.applied)
      } else {
        try folder.copy(file.name, from: file.folder, durably: options.sync)
      }
    }
    try folder.commit(durably: options.sync)
    return summary
  }
}

extension StagedFolder {
  /// Copies a text of another folder into this one and changes it on the way.
  ///
  /// - Throws: ``CheckpointError`` where it can't be read or written.
  fileprivate func copy(
    _ name: String, from source: String, durably: Bool, changing change: (String) -> String
  ) throws(CheckpointError) {
    let file = try InputFile.open("\(source)/\(name)")
    guard let extent = Extent(offset: 0, length: file.size) else { return }
    let text = change(String(decoding: try file.bytes(extent), as: UTF8.self))
    let output = try StagedFile.create(.file(path(of: name)), replacing: true)
    try output.write(unsafe Array(text.utf8).span.bytes, at: 0)
    try output.commit(durably: durably)
  }

  /// Copies a file of another folder into this one.
  ///
  /// - Throws: ``CheckpointError`` where it can't be read or written.
  func copy(_ name: String, from source: String, durably: Bool) throws(CheckpointError) {
    let file = try InputFile.open("\(source)/\(name)")
    guard let extent = Extent(offset: 0, length: file.size) else { return }
    let output = try StagedFile.create(.file(path(of: name)), replacing: true)
    try output.copy(extent, of: file, to: 0)
    try output.commit(durably: durably)
  }
}

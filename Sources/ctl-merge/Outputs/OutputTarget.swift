import Checkpoints
import FormatRegistry
import Merging

/// Where an output goes: a file, or a folder with the template's side files.
struct OutputTarget {
  /// What the user named.
  let path: String
  /// The file of the weights, whose name tells the format.
  let weights: String
  /// The weights' name in a folder; nil for a file.
  private let weightsName: String?
  /// The files that belong to the weights, and the folders that they are in.
  private let sideFiles: [(name: String, folder: String)]
  private let layers: LayerCounts?
  private let options: Options

  /// What users say of outputs.
  struct Options {
    /// Whether an existing file is replaced; folders never are.
    let force: Bool
    /// Whether to wait until all is on the disk.
    let sync: Bool
    /// Whether nothing is written.
    let dryRun: Bool
    /// Whether the summary is JSON on standard output.
    let json: Bool
  }

  /// A target.
  ///
  /// - Parameters:
  ///   - path: What the user named; a name without an ending is a folder where the template is one.
  ///   - template: The template's file or folder.
  ///   - tokenizer: The folder of the tokenizer's files; nil for the template's.
  ///   - layers: How many layers the template and the output have; nil where that stays.
  ///   - isFormatNamed: Whether the format doesn't go by the name; the output is a file then.
  ///   - options: What the user says of the output.
  /// - Throws: ``CheckpointError`` where it can't be written.
  init(
    _ path: String, template: String, tokenizer: String? = nil, layers: LayerCounts? = nil,
    isFormatNamed: Bool = false, _ options: Options
  ) throws(CheckpointError) {
    self.path = path
    self.options = options
    self.layers = layers
    if !isFormatNamed { try OutputFormats.refuseForeign(path) }
    let isNamedFile = isFormatNamed || path == "-" || OutputFormats.Family(path: path) != nil
    weightsName = isNamedFile ? nil : try CheckpointFormats.weightsName(like: template)
    weights = weightsName.map { "\(path)/\($0)" } ?? path
    sideFiles =
      weightsName == nil ? [] : OutputTarget.sideFiles(of: template, tokenizer: tokenizer)
    if weightsName == nil, let tokenizer {
      throw CheckpointError(
        .usage, subject: "tokenizer of \(tokenizer)", fact: "has no place in a single file",
        remedy: "name a folder as the output, and folders as models")
    }
    if options.dryRun { return }
    if weightsName == nil {
      try checkFile()
    } else {
      try StagedFolder.check(path)
    }
  }

  /// Judges a file first: nobody waits for surveys to learn of a misspelt folder.
  private func checkFile() throws(CheckpointError) {
    let destination = StagedFile.Destination(argument: path)
    if destination == .standardOutput, options.json {
      throw CheckpointError(
        .usage, subject: "--json", fact: "and -o - both want standard output",
        remedy: "write the checkpoint to a file")
    }
    try StagedFile.check(destination, replacing: options.force)
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

  /// Writes the weights of several targets at once, and what belongs to them.
  ///
  /// - Parameters:
  ///   - targets: The targets.
  ///   - body: Writes the weights.
  /// - Returns: What `body` returns.
  /// - Throws: ``CheckpointError``; unless the last step fails, which only names what is whole,
  ///   nothing is left behind then.
  static func write<Summary>(
    _ targets: [OutputTarget],
    _ body: ([StagedFile.Destination]) throws(CheckpointError) -> Summary
  ) throws(CheckpointError) -> Summary {
    let folders = try targets.map { (target) throws(CheckpointError) in try target.folder() }
    let summary = try body(
      zip(targets, folders).map { target, folder in
        guard let folder, let name = target.weightsName else {
          return StagedFile.Destination(argument: target.path)
        }
        return .file(folder.path(of: name))
      })
    for (target, folder) in zip(targets, folders) {
      if let folder { try target.complete(folder) }
    }
    return summary
  }

  /// The folder that the weights are written to; nil for a file.
  private func folder() throws(CheckpointError) -> StagedFolder? {
    guard let weightsName else { return nil }
    return try StagedFolder.create(path, files: sideFiles.map(\.name) + [weightsName])
  }

  /// Adds the side files; the folder then takes its name.
  private func complete(_ folder: StagedFolder) throws(CheckpointError) {
    for file in sideFiles {
      if let layers, file.name == "config.json" {
        try folder.copy(
          file.name, from: file.folder, durably: options.sync, changing: layers.applied)
      } else {
        try folder.copy(file.name, from: file.folder, durably: options.sync)
      }
    }
    try folder.commit(durably: options.sync)
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

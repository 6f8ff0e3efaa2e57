import Checkpoints
import FormatRegistry
import Merging

/// Where a recipe's output goes: a file, or a folder with the template's side files.
struct RecipeTarget {
  /// What the user named.
  let path: String
  /// The file of the weights, whose name tells the format.
  let weights: String
  private let sideFiles: [String]
  private let source: String
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
  ///   - options: Whether existing outputs are replaced, and so on.
  /// - Throws: ``CheckpointError`` of kind `output` where it can't be written.
  init(_ path: String, template: String, _ options: MergeOptions) throws(CheckpointError) {
    self.path = path
    self.options = options
    source = template
    let isNamedFile = path == "-" || OutputFormats.Family(path: path) != nil
    isFolder = !isNamedFile && FolderListing.names(in: template) != nil
    sideFiles = isFolder ? ShardedOutput.sideFiles(of: template) : []
    weights = isFolder ? "\(path)/\(RecipeTarget.weightsName)" : path
    if options.dryRun { return }
    if isFolder {
      try StagedFolder.check(path)
    } else {
      try StagedFile.check(StagedFile.Destination(argument: path), replacing: options.force)
    }
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
    let folder = try StagedFolder.create(path, files: sideFiles + [RecipeTarget.weightsName])
    let summary = try body(.file(folder.path(of: RecipeTarget.weightsName)))
    for name in sideFiles {
      try folder.copy(name, from: source, durably: options.sync)
    }
    try folder.commit(durably: options.sync)
    return summary
  }
}

extension StagedFolder {
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

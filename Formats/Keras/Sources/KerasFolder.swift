package import Checkpoints

/// A `.keras` archive that lies unpacked in a folder: `keras.saving.save_model(…, zipped=False)`.
package enum KerasFolder {
  /// The members that aren't weights, and the attributes that they are.
  static let texts = [("config.json", "model_config"), ("metadata.json", "metadata")]

  /// The configuration and the metadata that lie beside weights.
  ///
  /// - Parameters:
  ///   - checkpoint: The weights; nothing belongs to others than Keras's own layout, as Hugging Face's
  ///     folders have a `config.json` too, which is something else.
  ///   - folder: The folder's path.
  ///   - names: What is in it.
  /// - Returns: What an archive would have as attributes.
  /// - Throws: ``CheckpointError`` where a file can't be read.
  package static func attributes(
    of checkpoint: Checkpoint, in folder: String, names: [String]
  ) throws(CheckpointError) -> [Checkpoint.Attribute] {
    guard checkpoint.format.hasPrefix(KerasLayout.Kind.weights.rawValue) else { return [] }
    var found: [Checkpoint.Attribute] = []
    for (name, attribute) in texts where names.contains(name) {
      let file = try InputFile.open("\(folder)/\(name)")
      guard file.size <= KerasArchiveFormat.longestText,
        let whole = Extent(offset: 0, length: file.size)
      else {
        throw .unusable(file.name, "has \(file.size) bytes, too many for a configuration")
      }
      found.append(
        Checkpoint.Attribute(
          name: attribute, value: String(decoding: try file.bytes(whole), as: UTF8.self)))
    }
    return found
  }
}

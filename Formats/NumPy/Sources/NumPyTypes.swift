import Checkpoints

/// What outputs of NumPy's formats can't hold.
enum NumPyTypes {
  /// The type string of a tensor that is written.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage` where NumPy has no such type.
  static func typeString(
    _ type: ElementType, _ tensor: Tensor, _ file: String
  ) throws(CheckpointError) -> String {
    if let text = ArrayType.typeString(type, tensor.byteOrder) { return text }
    throw .unusable(
      file, tensor: tensor.name, "NumPy's files have no type \(type)",
      remedy: "choose --dtype float32, or write another format")
  }

  /// Refuses chunks and their filters.
  static func refuseCompression(_ request: OutputRequest) throws(CheckpointError) {
    guard case .gzip = request.storage else { return }
    throw CheckpointError(
      .usage, subject: "--compress", fact: "arrays of NumPy's files are written as they are",
      remedy: "leave it out")
  }
}

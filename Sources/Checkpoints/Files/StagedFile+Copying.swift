extension StagedFile {
  /// Copies a range of an input.
  ///
  /// - Parameters:
  ///   - extent: The range.
  ///   - file: The input.
  ///   - offset: Where its first byte goes.
  /// - Throws: ``CheckpointError`` where the input can't be read or the output can't be written.
  package func copy(
    _ extent: Extent, of file: InputFile, to offset: Int
  ) throws(CheckpointError) {
    let block = 1 << 20
    var buffer = [UInt8](repeating: 0, count: min(block, extent.length))
    for start in stride(from: 0, to: extent.length, by: block) {
      let count = min(block, extent.length - start)
      var span = buffer.mutableSpan
      var all = unsafe span.mutableBytes
      var bytes = all._mutatingExtracting(0..<count)
      try file.read(at: extent.offset + start, into: &bytes)
      try write(bytes.bytes, at: offset + start)
    }
  }
}

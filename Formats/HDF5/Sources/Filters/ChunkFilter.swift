internal import Checkpoints

/// One step between a chunk's elements and the bytes that are stored.
protocol ChunkFilter: Sendable {
  /// The name that reports and errors use.
  var name: String { get }

  /// Undoes the filter.
  ///
  /// - Parameters:
  ///   - stored: What the filter produced when the file was written.
  ///   - limit: The most bytes that the result may have; a stream that holds more is refused before
  ///     memory is taken for it.
  /// - Returns: What the filter was given when the file was written.
  /// - Throws: ``ChunkError`` where the bytes are damaged or hold more than `limit`.
  func decode(_ stored: [UInt8], limit: Int) throws(ChunkError) -> [UInt8]

  /// Applies the filter.
  func encode(_ bytes: [UInt8]) throws(ChunkError) -> [UInt8]

  /// The most bytes that `encode` makes of so many, and that `decode` therefore can be given.
  func encodedLimit(for byteCount: Int) -> Int
}

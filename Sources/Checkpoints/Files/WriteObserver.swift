/// Sees the bytes of an output as they are written, while the processor's cache still holds them.
package protocol WriteObserver: Sendable {
  /// Bytes were written.
  ///
  /// Called from the thread that wrote them, at the same time from several.
  ///
  /// - Parameters:
  ///   - bytes: The bytes.
  ///   - offset: The position of the first one.
  func wrote(_ bytes: RawSpan, at offset: Int)
}

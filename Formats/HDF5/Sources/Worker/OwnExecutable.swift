#if canImport(Darwin)
  import Darwin
#endif

/// The program that is running.
enum OwnExecutable {
  /// A path that starts it again.
  ///
  /// On Linux it is right even where the file was replaced or removed meanwhile.
  static var path: String? {
    #if os(Linux)
      return "/proc/self/exe"
    #else
      var size = UInt32(4096)
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard unsafe _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
      return String(
        decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
  }
}

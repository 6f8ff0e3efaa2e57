#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A program of this package, built beside the tests.
public enum BuiltProgram {
  /// The path of the program that tests run and that serves as the HDF5 worker.
  public static let path = folder + "/ctl-merge"

  /// The path of the program that probes.
  public static let probe = folder + "/ctl-probe"

  /// The folder of the test process's own executable; on macOS its bundle lies deeper.
  public static let folder: String = {
    var path = ownPath
    // .../ctlPackageTests.xctest/Contents/MacOS/ctlPackageTests on macOS: leave the bundle.
    if let bundle = path.firstRange(of: ".xctest/") {
      path = String(path[..<bundle.lowerBound])
    }
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return String(path[..<slash])
  }()

  private static var ownPath: String {
    #if canImport(Darwin)
      return CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
    #else
      var buffer = [CChar](repeating: 0, count: 4096)
      let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
      return String(
        decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #endif
  }
}

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The checkout in which the tests run.
public enum Repository {
  /// The folder that holds the manifest, found upwards from the built programs.
  public static let root: String = {
    var folder = BuiltProgram.folder
    while !folder.isEmpty {
      if unsafe access(folder + "/Package.swift", R_OK) == 0 { return folder }
      guard let slash = folder.lastIndex(of: "/") else { break }
      folder = String(folder[..<slash])
    }
    return "."
  }()
}

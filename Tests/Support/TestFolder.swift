import FoundationEssentials

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder of one test's own, removed with this value.
package final class TestFolder: Sendable {
  /// Where the test's files are.
  package let path: String
  /// A second folder, for `TMPDIR`, so that temporary files left in it are seen.
  package let scratch: String
  private let root: String

  /// An empty folder.
  package init() throws {
    var template = Array(
      (FileManager.default.temporaryDirectory.path + "/ctl-test-XXXXXX").utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw SpawnError(code: errno) }
    root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    path = root + "/work"
    scratch = root + "/scratch"
    for folder in [path, scratch] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false)
    }
  }

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String {
    name.hasPrefix("/") ? name : "\(path)/\(name)"
  }

  /// The names of everything in the folder, hidden ones too.
  package var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// What lies in the folder for temporary files.
  package var leftovers: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: scratch).sorted() }
  }

  /// The bytes of a file: of the folder, or anywhere by an absolute path.
  package func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(filePath: file(name))))
  }

  /// Writes a file into the folder.
  package func write(_ bytes: some Collection<UInt8>, to name: String) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }

  /// Copies a file into the folder.
  package func copy(_ original: String, as name: String) throws {
    try FileManager.default.copyItem(atPath: original, toPath: file(name))
  }
}

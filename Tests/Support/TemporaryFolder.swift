#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A folder of a test's own, removed with its files when the last reference goes.
package final class TemporaryFolder: Sendable {
  /// The folder's path.
  package let path: String

  /// Makes an empty folder.
  package init() throws {
    var template = Array("/tmp/ctl-tests-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { _ = unsafe unlink("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }

  /// The path of a file in the folder.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of the files in the folder, hidden ones too, sorted.
  package var names: [String] { TemporaryFolder.names(in: path) }

  /// The names of the files in any folder.
  package static func names(in path: String) -> [String] {
    guard let entries = unsafe opendir(path) else { return [] }
    defer { _ = unsafe closedir(entries) }
    var names: [String] = []
    while let entry = unsafe readdir(entries) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The folder could not be made.
  package struct Failure: Error {}
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder of outputs that is seen under its name only when every file in it is whole.
///
/// The files go into a temporary sibling, which takes the name by `rename`. Without
/// ``commit(durably:)`` it is removed with all that was put into it, also by the signals of
/// ``Interruption``.
public final class StagedFolder: Sendable {
  private let name: String
  private let temporary: String
  /// The names of the files that will be in it.
  private let files: [String]

  private init(_ name: String, temporary: String, files: [String]) {
    self.name = name
    self.temporary = temporary
    self.files = files
  }

  deinit {
    // After a commit the names are gone already; all calls then do nothing.
    for file in files {
      _ = unsafe unlink(path(of: file))
      Interruption.forget(path(of: file))
    }
    _ = unsafe rmdir(temporary)
    Interruption.forget(temporary)
  }

  /// Checks that a folder may be made.
  ///
  /// - Parameter name: Its name; nothing may have it.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public static func check(_ name: String) throws(CheckpointError) {
    var status = stat()
    if unsafe lstat(name, &status) == 0 {
      throw CheckpointError(
        .output, file: name, fact: "exists", remedy: "name a folder that doesn't exist yet")
    }
  }

  /// Makes a folder that outputs go into one by one, unless there is one already.
  ///
  /// - Parameter name: Its name.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public static func makePlain(_ name: String) throws(CheckpointError) {
    if unsafe mkdir(name, 0o777) == 0 || FolderListing.names(in: name) != nil { return }
    throw CheckpointError(
      .output, file: name, fact: "can't be made a folder", remedy: "name a folder for the outputs")
  }

  /// Makes the temporary sibling.
  ///
  /// - Parameters:
  ///   - name: The folder's name.
  ///   - files: The names of the files that will be put into it.
  /// - Returns: An empty folder.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public static func create(
    _ name: String, files: [String]
  ) throws(CheckpointError) -> StagedFolder {
    try check(name)
    var trimmed = name
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let leaf = lastComponent(of: trimmed)
    let random = String((0..<12).compactMap { _ in "abcdefghijklmnopqrstuvwxyz".randomElement() })
    let temporary = FolderListing.sibling(".\(leaf).ctl-\(random)", of: trimmed)
    Interruption.removeOnSignal(temporary)
    guard unsafe mkdir(temporary, 0o777) == 0 else {
      let code = errno
      Interruption.forget(temporary)
      throw CheckpointError(
        .output, file: name, fact: "no temporary folder beside it: \(systemMessage(code))")
    }
    let folder = StagedFolder(trimmed, temporary: temporary, files: files)
    for file in files { Interruption.removeOnSignal(folder.path(of: file)) }
    return folder
  }

  /// Where a file of the folder is written.
  public func path(of file: String) -> String { "\(temporary)/\(file)" }

  /// Takes the folder's name.
  ///
  /// - Parameter durably: Whether to wait until the name is on the disk; the files see to themselves.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public func commit(durably: Bool) throws(CheckpointError) {
    // `rename` would replace an empty folder that somebody made meanwhile.
    try StagedFolder.check(name)
    guard unsafe rename(temporary, name) == 0 else {
      throw CheckpointError(
        .output, file: name, fact: "can't be written: \(systemMessage(errno))")
    }
    if durably {
      let parent = unsafe open(FolderListing.sibling(".", of: name), O_RDONLY | O_CLOEXEC)
      if parent >= 0 {
        _ = fsync(parent)
        close(parent)
      }
    }
  }
}

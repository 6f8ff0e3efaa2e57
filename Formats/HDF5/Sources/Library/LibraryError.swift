import CHDF5

/// Why something couldn't be done, in libhdf5's words or ours.
struct LibraryError: Error {
  /// The fact, a phrase without the file's name.
  let fact: String
  /// What to do about it.
  let remedy: String?

  init(_ fact: String, remedy: String? = nil) {
    self.fact = fact
    self.remedy = remedy
  }

  /// The complaint on the library's error stack, which is emptied.
  static func taken(_ action: String) -> LibraryError {
    let texts = errorStack()
    if texts.contains(where: isOfNewerLibrary) {
      return LibraryError(
        "written by a newer HDF5 (1.12 or later), or damaged: can't \(action)",
        remedy: "save it with libver='earliest' or convert it with h5repack")
    }
    if texts.contains(where: { $0.hasPrefix("truncated file") }) {
      return LibraryError("truncated: it ends too early", remedy: "download it again")
    }
    let cause = texts.last.map { ": \($0)" } ?? ""
    return LibraryError("damaged: can't \(action)\(cause)")
  }

  /// What libhdf5 says where a message has a version that it doesn't know.
  private static func isOfNewerLibrary(_ text: String) -> Bool {
    ["bad version number", "bad layout version", "unknown version", "bad flag value for message"]
      .contains { text.hasPrefix($0) || text.hasSuffix($0) }
  }

  private static func errorStack() -> [String] {
    var texts: [String] = []
    unsafe withUnsafeMutablePointer(to: &texts) { list in
      unsafe ctl_walk_errors(
        { context, _, text in
          guard let context = unsafe context, let text = unsafe text else { return }
          unsafe context.assumingMemoryBound(to: [String].self).pointee.append(
            String(cString: text))
        }, list)
    }
    return texts
  }
}

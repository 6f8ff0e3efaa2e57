/// Why the native survey leaves a file to the worker.
///
/// It is no error of the file's: what isn't understood may be damaged, or sound and unusual. The
/// library decides, and words what is wrong.
struct NotUnderstood: Error {
  /// What was met, for tests and debugging; never shown to a user.
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}

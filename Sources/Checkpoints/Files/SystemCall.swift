#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The meaning of an `errno` value, as the C library words it.
///
/// - Parameter code: A value of `errno`.
/// - Returns: The library's text, such as "No space left on device".
package func systemMessage(_ code: CInt) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// Repeats a system call while a signal interrupts it.
///
/// - Parameter call: A call that returns -1 and sets `errno` on failure.
/// - Returns: The call's result, or the value of `errno`.
package func retrying<Value: SignedInteger>(_ call: () -> Value) -> Result<Value, SystemFault> {
  while true {
    let value = call()
    if value != -1 { return .success(value) }
    if errno != EINTR { return .failure(SystemFault(code: errno)) }
  }
}

/// A failed system call.
package struct SystemFault: Error, Hashable {
  /// The value of `errno`.
  package let code: CInt

  /// A failure with the value of `errno`.
  package init(code: CInt) {
    self.code = code
  }

  /// The C library's text.
  package var message: String { systemMessage(code) }
}

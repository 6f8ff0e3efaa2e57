#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The cores that this machine has.
package func coreCount() -> Int {
  max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN))))
}

/// Whether notes on standard error are seen as they are written.
package func standardErrorIsTerminal() -> Bool {
  isatty(STDERR_FILENO) == 1
}

/// Writes to standard error.
package func note(_ text: String) {
  let bytes = Array((text + "\n").utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Writes to standard error without ending the line, for a line that is drawn again.
package func redraw(_ text: String) {
  let bytes = Array(text.utf8)
  _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}

/// Makes a write to a closed pipe, or beyond the limit on the size of files, an error of that write
/// instead of the program's end, so that the output's temporary file is removed.
package func makeFailedWritesErrors() {
  _ = signal(SIGPIPE, SIG_IGN)
  _ = signal(SIGXFSZ, SIG_IGN)
}

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How text on standard output may look.
package struct Display: Hashable, Sendable {
  /// Whether it goes to a terminal.
  package let isTerminal: Bool
  /// Whether it may have colours.
  package let isColoured: Bool
  /// The columns of the terminal, or a usual number of them.
  package let width: Int

  /// When colours are used.
  package enum Colour: String, Hashable, Sendable, CaseIterable {
    /// On a terminal, unless the environment has `NO_COLOR` or the terminal is `dumb`.
    case auto
    case always
    case never
  }

  /// What standard output is at present.
  package init(colour: Colour) {
    isTerminal = isatty(STDOUT_FILENO) == 1
    let refuses = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
    let isDumb = unsafe getenv("TERM").map { unsafe String(cString: $0) } == "dumb"
    isColoured =
      switch colour {
      case .auto: isTerminal && !refuses && !isDumb
      case .always: true
      case .never: false
      }
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? Int(size.ws_col) : 100
  }
}

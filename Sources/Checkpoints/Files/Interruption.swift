import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Leaves nothing behind when the user interrupts a program.
///
/// The handler itself removes the temporary files and ends the process: both calls are safe inside
/// a signal handler, and it works while every thread waits for a slow disk.
public enum Interruption {
  /// The exit code of an interrupted program.
  public static let exitCode: CInt = 130

  /// As many outputs as can be under way at once.
  private static let capacity = 1024

  /// The C paths to remove, nil where a place is free.
  ///
  /// A plain table and no lock, as the handler may interrupt a thread that holds one. Each place is
  /// one word, written after the text that it points to.
  nonisolated(unsafe) private static let paths = {
    let table = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
      capacity: capacity)
    unsafe table.initialize(repeating: nil, count: capacity)
    return unsafe table
  }()

  /// Guards the table among normal code.
  private static let lock = Mutex<Void>(())

  /// Makes SIGINT, SIGTERM and SIGHUP remove the temporary files and exit with ``exitCode``.
  ///
  /// For programs; a library leaves signals to the program that uses it.
  public static func handleSignals() {
    _ = unsafe paths
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in
        for place in 0..<Interruption.capacity {
          if let path = unsafe Interruption.paths[place] { _ = unsafe unlink(path) }
        }
        // Folders come last, when nothing is left in them.
        for place in 0..<Interruption.capacity {
          if let path = unsafe Interruption.paths[place] { _ = unsafe rmdir(path) }
        }
        _exit(Interruption.exitCode)
      }
    }
  }

  /// Adds a file or a folder that a signal removes.
  static func removeOnSignal(_ path: String) {
    lock.withLock { _ in
      for place in 0..<capacity where unsafe paths[place] == nil {
        unsafe paths[place] = strdup(path)
        return
      }
    }
  }

  /// Takes a file out again.
  static func forget(_ path: String) {
    lock.withLock { _ in
      for place in 0..<capacity {
        guard let known = unsafe paths[place], unsafe strcmp(known, path) == 0 else { continue }
        // Not freed: the handler may be reading it at this moment.
        unsafe paths[place] = nil
      }
    }
  }
}

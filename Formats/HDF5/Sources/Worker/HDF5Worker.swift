import Synchronization

/// The processes in which libhdf5 runs.
///
/// libhdf5 crashes on some damaged files, so a program parses files with it only in a copy of itself
/// that has given up its privileges. A program that reads HDF5 calls ``serveIfAsked()`` first.
public enum HDF5Worker {
  /// The first argument of a worker.
  static let flag = "__hdf5-worker"
  /// Set in a worker's environment.
  static let marker = "CTL_HDF5_WORKER"

  private static let named = Mutex<String?>(nil)

  /// Serves one request and ends the process, if the process was started as a worker.
  ///
  /// The first line of a program's `main`.
  public static func serveIfAsked() {
    let arguments = CommandLine.arguments
    guard arguments.count == 3, arguments[1] == flag else { return }
    WorkerServer.serve(mode: arguments[2])
  }

  /// Names a program that serves, for processes that can't (test runners).
  ///
  /// - Parameter executable: The path of a program that calls ``serveIfAsked()``.
  public static func use(executable: String) {
    named.withLock { $0 = executable }
  }

  /// The program to start as a worker.
  static var executable: String? {
    named.withLock { $0 } ?? OwnExecutable.path
  }
}

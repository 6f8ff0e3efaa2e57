import CHDF5
import Checkpoints

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program's side of a worker: start, talk, wait, judge how it ended.
final class WorkerProcess {
  /// How many seconds a worker may be silent.
  static let defaultPatience = 60
  /// The most bytes of an answer.
  private static let answerLimit = 1 << 30

  private let mode: WorkerMode
  private let process: pid_t
  private let channel: CInt
  private let file: String
  private let patience: Int
  private var isReaped = false

  /// Starts a worker.
  ///
  /// - Parameters:
  ///   - mode: What it is to do.
  ///   - descriptors: The files that it inherits, as many as the mode needs.
  ///   - file: The name of the file that messages blame.
  ///   - patience: The seconds during which it may be silent.
  ///   - executable: The program to start.
  /// - Throws: ``CheckpointError`` where the program can't be started again.
  init(
    mode: WorkerMode, descriptors: [CInt], file: String, patience: Int = defaultPatience,
    executable: String? = HDF5Worker.executable
  ) throws(CheckpointError) {
    precondition(descriptors.count == mode.readableCount + mode.writableCount)
    func failure(_ reason: String) -> CheckpointError {
      .unusable(file, "can't be examined: the HDF5 worker doesn't start: \(reason)")
    }
    guard unsafe getenv(HDF5Worker.marker) == nil, let executable else {
      throw failure("this program doesn't call HDF5Worker.serveIfAsked()")
    }
    var ends: [CInt] = [-1, -1]
    let channelCode = unsafe ctl_channel(&ends)
    guard channelCode == 0 else { throw failure(systemMessage(channelCode)) }
    defer { close(ends[1]) }
    var copies: [CInt] = []
    defer { for copy in copies { close(copy) } }
    for descriptor in descriptors { copies.append(ctl_high_copy(descriptor)) }
    var process: pid_t = 0
    let code =
      copies.contains { $0 < 0 }
      ? EMFILE
      : unsafe ctl_spawn(
        executable, HDF5Worker.flag, mode.rawValue, ends[1], copies, CInt(copies.count), &process)
    guard code == 0 else {
      close(ends[0])
      throw failure(systemMessage(code))
    }
    self.mode = mode
    self.process = process
    channel = ends[0]
    self.file = file
    self.patience = patience
  }

  deinit {
    close(channel)
    if !isReaped {
      kill(process, SIGKILL)
      _ = reap()
    }
  }

  /// Sends a request and returns the whole answer, its greeting removed.
  static func answer(
    to request: [UInt8], mode: WorkerMode, descriptors: [CInt], file: String,
    patience: Int = defaultPatience
  ) throws(CheckpointError) -> [UInt8] {
    let worker = try WorkerProcess(
      mode: mode, descriptors: descriptors, file: file, patience: patience)
    // A worker that died early says why in how it ended, so a failed send isn't judged here.
    _ = worker.send(request)
    return try worker.finish()
  }

  /// Sends bytes; false where the worker no longer listens.
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        retrying {
          unsafe ctl_send(channel, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        }
      }
      guard case .success(let count) = result, count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Ends the request, waits for the answer and the worker's end.
  ///
  /// - Returns: The answer, its greeting removed.
  /// - Throws: ``CheckpointError`` where the worker crashed, was silent for too long, or isn't one.
  func finish() throws(CheckpointError) -> [UInt8] {
    shutdown(channel, CInt(SHUT_WR))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while try waitForBytes() {
      let result = unsafe buffer.withUnsafeMutableBytes { buffer in
        retrying { unsafe recv(channel, buffer.baseAddress, buffer.count, 0) }
      }
      // A worker that dies with unread requests resets the connection.
      guard case .success(let count) = result, count > 0 else { break }
      answer.append(contentsOf: buffer[..<count])
      guard answer.count <= Self.answerLimit else {
        throw .unusable(file, "has more than \(grouped(Self.answerLimit)) bytes of metadata")
      }
    }
    try judge(status: reap())
    guard answer.starts(with: WorkerServer.greeting) else {
      throw .unusable(
        file, "can't be examined: the program that was started isn't an HDF5 worker",
        remedy: "call HDF5Worker.serveIfAsked() first in main")
    }
    return Array(answer[WorkerServer.greeting.count...])
  }

  /// Waits until there are bytes or the end; throws after too long a silence.
  private func waitForBytes() throws(CheckpointError) -> Bool {
    var poller = pollfd(fd: channel, events: Int16(POLLIN), revents: 0)
    let result = retrying { unsafe poll(&poller, 1, CInt(patience * 1000)) }
    if case .success(0) = result {
      throw fault("was still busy after \(patience) seconds")
    }
    return true
  }

  /// What the library did while it read an input or wrote an output.
  private func fault(_ deed: String, _ detail: String = "") -> CheckpointError {
    let tail = detail.isEmpty ? "" : " \(detail)"
    return mode.writableCount == 0
      ? .unusable(file, "damaged: the HDF5 library \(deed) reading it\(tail)")
      : CheckpointError(.output, file: file, fact: "the HDF5 library \(deed) writing it\(tail)")
  }

  private func reap() -> CInt {
    var status: CInt = 0
    _ = retrying { unsafe waitpid(process, &status, 0) }
    isReaped = true
    return status
  }

  private func judge(status: CInt) throws(CheckpointError) {
    let signal = status & 0x7F
    switch signal {
    case 0: break
    case SIGINT, SIGTERM, SIGHUP:
      throw CheckpointError(.interrupted, file: file, fact: "interrupted")
    case SIGXCPU, SIGKILL: throw fault("needed too much time or memory")
    default: throw fault("crashed", "(signal \(signal))")
    }
    let code = (status >> 8) & 0xFF
    guard code == 0 else {
      throw .unusable(file, "can't be examined: the HDF5 worker ended with code \(code)")
    }
  }
}

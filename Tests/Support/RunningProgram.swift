import Synchronization

#if canImport(Darwin)
  package import Darwin
#else
  package import Glibc
#endif

/// A program that couldn't be started.
package struct SpawnError: Error {
  /// The value of `errno`.
  package let code: CInt
}

/// A program under way, whose standard output and error are read through pipes.
///
/// `posix_spawn` and no `Foundation.Process`: tests run side by side, so every descriptor has to be
/// closed in every other child, and a signal has to be told from an exit code.
package final class RunningProgram {
  /// The process.
  package let identifier: pid_t
  private let streams: [CInt]
  private var collected: [[UInt8]] = [[], []]
  private var isOpen = [true, true]

  /// Starts a program; the parameters are those of `ProgramRun.run`.
  package init(
    _ command: [String], in folder: String, environment: [String: String],
    input: String = "/dev/null"
  ) throws(SpawnError) {
    let started = Self.spawning.withLock { _ in
      Result { () throws(SpawnError) in
        try Self.spawn(command, in: folder, environment: environment, input: input)
      }
    }
    (identifier, streams) = try started.get()
  }

  /// Held from the making of a pipe to the closing of its ends in this process: a child that
  /// another test starts in between would keep the pipe open.
  private static let spawning = Mutex(())

  private static func spawn(
    _ command: [String], in folder: String, environment: [String: String], input: String
  ) throws(SpawnError) -> (pid_t, [CInt]) {
    let output = try pipe()
    let errors = try pipe()
    defer {
      close(output.write)
      close(errors.write)
    }

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output.write, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errors.write, 2)
    // A runner that ignores signals would hand that down.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&defaults, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
    // Threads of a pool run tests, and they block signals.
    var mask = sigset_t()
    unsafe sigemptyset(&mask)
    unsafe posix_spawnattr_setsigmask(&attributes, &mask)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }

    // `env` changes the folder and becomes the program: the process stays the same.
    let words = ["/usr/bin/env", "-C", folder] + command
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var variables =
      unsafe environment.map { name, value in unsafe strdup("\(name)=\(value)") } + [nil]
    defer {
      unsafe (arguments + variables).forEach { unsafe free($0) }
    }
    var child = pid_t(0)
    let code = unsafe posix_spawn(
      &child, words[0], &actions, &attributes, &arguments, &variables)
    guard code == 0 else {
      close(output.read)
      close(errors.read)
      throw SpawnError(code: code)
    }
    return (child, [output.read, errors.read])
  }

  /// Waits until standard output has delivered so many bytes; false where it ended before.
  package func waitForOutput(byteCount: Int, deadline: Int = 60) -> Bool {
    let end = ContinuousClock.now + .seconds(deadline)
    while collected[0].count < byteCount, isOpen[0] {
      guard receive(until: end, from: [0], most: byteCount - collected[0].count) else { break }
    }
    return collected[0].count >= byteCount
  }

  /// Whether the program has ended and waits to be collected.
  package var hasEnded: Bool {
    var information = unsafe siginfo_t()
    let result = unsafe waitid(
      P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
    return unsafe result == 0 && information.si_signo != 0
  }

  /// Sends a signal.
  package func send(_ signal: CInt) {
    kill(identifier, signal)
  }

  /// Stops reading standard output, as a reader does that has seen enough.
  package func closeOutput() {
    if isOpen[0] { close(streams[0]) }
    isOpen[0] = false
  }

  /// Reads to the end and collects the program, which is killed after the deadline.
  package func finish(deadline: Int = 120) -> ProgramRun {
    let end = ContinuousClock.now + .seconds(deadline)
    var isLate = false
    while isOpen.contains(true), !isLate {
      isLate = !receive(until: end, from: [0, 1], most: 1 << 16)
    }
    if isLate { kill(identifier, SIGKILL) }
    for (stream, open) in zip(streams, isOpen) where open { close(stream) }
    var status: CInt = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    let ending: ProgramRun.End =
      isLate ? .timedOut : signal != 0 ? .signalled(signal) : .exited((status >> 8) & 0xFF)
    return ProgramRun(
      end: ending, output: collected[0], errors: String(decoding: collected[1], as: UTF8.self))
  }

  /// Waits for bytes of some of the streams and reads them once; false after the deadline.
  private func receive(
    until end: ContinuousClock.Instant, from places: [Int], most: Int
  ) -> Bool {
    let open = places.filter { isOpen[$0] }
    var waits = open.map { pollfd(fd: streams[$0], events: Int16(POLLIN), revents: 0) }
    let left = (end - .now).components.seconds
    guard left > 0 else { return false }
    let ready = unsafe poll(&waits, nfds_t(waits.count), CInt(left * 1000))
    if ready < 0 { return errno == EINTR }
    guard ready > 0 else { return false }
    for (place, wait) in zip(open, waits) where wait.revents != 0 {
      var buffer = [UInt8](repeating: 0, count: most)
      let count = unsafe read(streams[place], &buffer, buffer.count)
      if count > 0 {
        collected[place] += buffer.prefix(count)
      } else if count == 0 || errno != EINTR {
        close(streams[place])
        isOpen[place] = false
      }
    }
    return true
  }

  private static func pipe() throws(SpawnError) -> (read: CInt, write: CInt) {
    var ends: [CInt] = [-1, -1]
    let result = makePipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    guard result == 0 else { throw SpawnError(code: errno) }
    return (ends[0], ends[1])
  }
}

// The method of the class hides the C function of the same name.
private func makePipe(_ ends: inout [CInt]) -> CInt {
  unsafe pipe(&ends)
}

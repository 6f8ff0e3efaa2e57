import CHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The worker's side: one request, one answer, then the end of the process.
enum WorkerServer {
  /// Begins every answer, so that a program that isn't a worker is recognised.
  static let greeting: [UInt8] = Array("ctl-hdf5-1\n".utf8)
  /// The descriptor of the channel to the program.
  static let channel: CInt = 0
  /// The first inherited file.
  static let firstFile: CInt = 3
  /// Address space: 100,000 data sets need a tenth of it.
  private static let memoryLimit: UInt64 = 4 << 30
  /// Processor seconds; the program's own deadline is the one that counts.
  private static let secondsLimit: UInt64 = 900

  static func serve(mode: String) -> Never {
    guard let mode = WorkerMode(rawValue: mode) else { _exit(64) }
    _ = ctl_isolate(CInt(mode.descriptorCount), memoryLimit, secondsLimit)
    send(greeting)
    switch mode {
    case .survey: SurveyService.serve()
    }
    // Not exit: libhdf5's clean-up may crash on a damaged file after the answer was given.
    _exit(0)
  }

  /// Sends bytes to the program; ends the process where nobody listens.
  static func send(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe ctl_send(channel, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { _exit(74) }
      sent += count
    }
  }
}

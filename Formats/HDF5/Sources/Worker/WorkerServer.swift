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
  /// Processor seconds; the program's own deadline is the one that counts.
  private static let secondsLimit: UInt64 = 900

  static func serve(mode: String) -> Never {
    guard let mode = WorkerMode(rawValue: mode) else { _exit(64) }
    _ = ctl_isolate(
      CInt(mode.readableCount), CInt(mode.writableCount), memoryLimit(mode), secondsLimit)
    send(greeting)
    switch mode {
    case .survey: SurveyService.serve()
    case .annotate: AnnotationService.serve()
    case .layout: LayoutService.serve()
    case .create: CreationService.serve()
    case .chunks: ChunkService.serve()
    }
    // Not exit: libhdf5's clean-up may crash on a damaged file after the answer was given.
    _exit(0)
  }

  /// The most address space in bytes.
  ///
  /// 100,000 data sets in a file of 38 MB need 400 MB. A damaged length makes libhdf5 fill all it
  /// gets before it complains, which takes seconds, so a small file gets little.
  private static func memoryLimit(_ mode: WorkerMode) -> UInt64 {
    let most: UInt64 = 4 << 30
    var status = stat()
    guard mode == .survey, unsafe fstat(firstFile, &status) == 0 else { return most }
    let (scaled, overflow) = UInt64(clamping: status.st_size).multipliedReportingOverflow(by: 16)
    return overflow ? most : min((512 << 20) + min(scaled, most), most)
  }

  /// The bytes of a request, up to the end of what the program sends.
  static func receiveAll() -> [UInt8] {
    var request: [UInt8] = []
    while true {
      let portion = receive(upTo: 1 << 16)
      if portion.isEmpty { return request }
      request.append(contentsOf: portion)
    }
  }

  /// The next `count` bytes, fewer only where the program's message ends.
  static func receive(exactly count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      let portion = receive(upTo: min(count - bytes.count, 1 << 20))
      if portion.isEmpty { break }
      bytes.append(contentsOf: portion)
    }
    return bytes
  }

  private static func receive(upTo limit: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      var received = -1
      repeat {
        received = unsafe recv(channel, buffer.baseAddress, limit, 0)
      } while received < 0 && errno == EINTR
      // A program that is gone needs no answer.
      if received < 0 { _exit(74) }
      count = received
    }
  }

  /// Answers a request with records: what `body` reports, or why it failed.
  ///
  /// Records are sent in portions, so that the program can tell work from a hang.
  static func answer(
    _ body: (_ emit: @escaping (SurveyRecord) -> Void) throws(LibraryError) -> Void
  ) {
    let outbox = Outbox()
    do throws(LibraryError) {
      try HDF5Library.prepare()
      try body(outbox.add)
    } catch {
      outbox.add(.failure(fact: error.fact, remedy: error.remedy))
    }
    outbox.flush()
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

/// The records that wait to be sent.
private final class Outbox {
  private var wire = WireWriter()

  func add(_ record: SurveyRecord) {
    record.write(to: &wire)
    if wire.bytes.count >= 1 << 16 { flush() }
  }

  func flush() {
    WorkerServer.send(wire.take())
  }
}

import CHDF5

/// The worker's side of a survey.
enum SurveyService {
  /// Records are sent in portions of this size, so that the program can tell work from a hang.
  private static let portion = 1 << 16

  static func serve() {
    var wire = WireWriter()
    do throws(LibraryError) {
      try HDF5Library.prepare()
      let file = try HDF5Library.openInput(WorkerServer.firstFile)
      var walk = try TreeWalk(file: file) { record in
        record.write(to: &wire)
        if wire.bytes.count >= portion { WorkerServer.send(wire.take()) }
      }
      try walk.run()
    } catch {
      SurveyRecord.failure(fact: error.fact, remedy: error.remedy).write(to: &wire)
    }
    WorkerServer.send(wire.take())
  }
}

/// The worker's side of a survey.
enum SurveyService {
  static func serve() {
    WorkerServer.answer { emit throws(LibraryError) in
      try survey(WorkerServer.firstFile, emit)
    }
  }

  /// Reports everything in an inherited file.
  static func survey(
    _ descriptor: CInt, _ emit: @escaping (SurveyRecord) -> Void
  ) throws(LibraryError) {
    let file = try HDF5Library.openInput(descriptor)
    var walk = try TreeWalk(file: file, emit: emit)
    try walk.run()
  }
}

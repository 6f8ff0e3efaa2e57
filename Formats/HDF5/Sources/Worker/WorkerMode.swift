/// What a worker is asked to do; the second argument of its command line.
enum WorkerMode: String {
  /// Finds what a file holds; the answer is a list of ``SurveyRecord``.
  case survey
  /// Adds attributes to the root group of an output.
  case annotate
  /// Builds an output like a template, without the values that are to be written.
  case layout
  /// Builds an output from nothing, without its values.
  case create
  /// Stores chunks in an output as they arrive.
  case chunks

  /// The number of files that are only read: descriptors from 3 on.
  var readableCount: Int {
    switch self {
    case .survey, .layout: 1
    case .annotate, .create, .chunks: 0
    }
  }

  /// The number of files that are written: the descriptors that follow.
  var writableCount: Int {
    switch self {
    case .survey: 0
    case .annotate, .layout, .create, .chunks: 1
    }
  }
}

/// What a worker is asked to do; the second argument of its command line.
enum WorkerMode: String {
  /// Descriptor 3 is the file; the answer is a list of ``SurveyRecord``.
  case survey

  /// The number of inherited descriptors from 3 on.
  var descriptorCount: Int {
    switch self {
    case .survey: 1
    }
  }
}

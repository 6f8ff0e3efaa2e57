import HDF5

/// Surveys for tests, whose own process can't serve as the worker.
package enum SurveyWorker {
  /// Has every later survey of this process served by the built program.
  package static func useBuiltProgram() {
    HDF5Worker.use(executable: BuiltProgram.path)
  }
}

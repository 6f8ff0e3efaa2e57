import Checkpoints
import Probing

/// Measures what a request asks for: the one way from the command line to the measurements.
///
/// - Parameters:
///   - request: What is to be measured.
///   - replacesOutput: Whether an existing file of features may be replaced.
///   - progress: Called now and then with the samples that are done and how many there are.
/// - Returns: The result.
/// - Throws: ``CheckpointError`` where a file can't be used or numbers aren't finite.
func runProbe(
  _ request: ProbeRequest, replacesOutput: Bool,
  progress: @Sendable (_ done: Int, _ total: Int) -> Void
) throws(CheckpointError) -> ProbeResult {
  // CONNECT HERE: open the files (CheckpointFormats.openAll), build the networks, measure, render.
  throw CheckpointError(
    .usage, subject: request.measurement.verb, fact: "isn't connected to its measurement yet")
}

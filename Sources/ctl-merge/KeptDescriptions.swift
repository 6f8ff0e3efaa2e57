import Checkpoints

/// Keeps the descriptions of tensors, not the files, until the process ends.
///
/// Giving back the memory of tens of thousands of tensors part by part would only delay the end.
func keepDescriptions(of checkpoints: [Checkpoint]) {
  final class Keeper {
    let parts: [(tensors: [Tensor], layouter: any OutputLayouter)]

    init(_ checkpoints: [Checkpoint]) {
      parts = checkpoints.map { ($0.tensors, $0.layouter) }
    }
  }
  _ = unsafe Unmanaged.passRetained(Keeper(checkpoints))
}

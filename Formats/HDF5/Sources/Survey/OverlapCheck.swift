import Checkpoints

/// Makes sure that no two data sets share bytes of the file.
///
/// An output is made by filling the tensors' ranges from several threads; ranges that overlap would
/// make its bytes depend on timing.
enum OverlapCheck {
  static func run(_ datasets: [HDF5Dataset]) throws(SurveyFault) {
    var ranges: [(extent: Extent, dataset: Int)] = []
    for (index, dataset) in datasets.enumerated() {
      switch dataset.storage {
      case .contiguous(let extent): ranges.append((extent, index))
      case .chunked(let grid):
        for chunk in grid.chunks.values { ranges.append((chunk.extent, index)) }
      default: break
      }
    }
    ranges.removeAll { $0.extent.length == 0 }
    ranges.sort { $0.extent.offset < $1.extent.offset }
    for (left, right) in zip(ranges, ranges.dropFirst())
    where left.extent.end > right.extent.offset {
      throw SurveyFault(
        tensor: datasets[right.dataset].path,
        fact: "damaged: shares bytes of the file with \(datasets[left.dataset].path)")
    }
  }
}

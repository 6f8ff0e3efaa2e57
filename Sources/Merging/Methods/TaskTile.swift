import Kernels

/// The task vectors of a tile, `τₖ = xₖ - b`, or the part of it that is asked for.
struct TaskTile: Sendable {
  /// The values: source after source, each at a multiple of `stride`.
  private(set) var values: [Double] = []
  /// The distance between two sources' first values.
  private(set) var stride = 0
  /// The number of sources.
  private(set) var sourceCount = 0
  /// The number of elements.
  private(set) var count = 0

  /// Takes the task vectors of a part of a tile whose first input is the base.
  mutating func load(_ tile: borrowing SourceTile, _ part: Range<Int>) {
    count = part.count
    sourceCount = tile.sourceCount - 1
    stride = max(stride, count)
    let room = sourceCount * stride
    if values.count < room { values = [Double](repeating: 0, count: room) }
    let inputs = tile.values.span
    let base = inputs.extracting(part)
    let (stride, count) = (stride, count)
    var all = values.mutableSpan
    for source in 1..<tile.sourceCount {
      let start = source * tile.stride
      let own = inputs.extracting(start + part.lowerBound..<start + part.upperBound)
      let place = (source - 1) * stride
      var target = all._mutatingExtracting(place..<place + count)
      switch tile.kinds[source] {
      case .taskVector: LinearCombination.assign(own, scaledBy: 1, to: &target)
      case .model: LinearCombination.subtract(base, from: own, into: &target)
      }
    }
  }

  /// Where a source's task vector lies in `values`.
  func range(_ source: Int) -> Range<Int> { source * stride..<source * stride + count }

  /// Changes a source's task vector.
  mutating func change(_ source: Int, _ body: (inout MutableSpan<Double>) -> Void) {
    let range = range(source)
    var all = values.mutableSpan
    var own = all._mutatingExtracting(range)
    body(&own)
  }
}

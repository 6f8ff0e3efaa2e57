import Checkpoints
import Kernels

/// Searches the exact ranks of the sources' task vectors, in one tensor or in several together.
enum MagnitudeSurvey {
  /// The cutoffs, by source.
  ///
  /// - Parameters:
  ///   - tensors: The tensors; elements are numbered through in their order.
  ///   - counts: How many elements each cutoff keeps, by source.
  /// - Returns: The cutoffs, by source and count.
  /// - Throws: ``CheckpointError`` where values can't be read.
  static func cutoffs(
    of tensors: [TensorReader], keeping counts: [[Int]]
  ) throws(CheckpointError) -> [[Cutoff]] {
    var firstIndices: [Int] = []
    var total = 0
    for tensor in tensors {
      firstIndices.append(total)
      total += tensor.elementCount
    }
    // A zero that is kept and one that is dropped are the same.
    var selections = counts.map {
      RankSelection(keeping: $0, of: total, distinguishingZeros: false)
    }
    let starts = firstIndices
    var isRepeated = false
    while !selections.allSatisfy(\.isComplete) {
      let open = selections.indices.filter { !selections[$0].isComplete }
      let state = (tasks: TaskTile(), passes: open.map { selections[$0].emptyPass })
      let pass = try TensorReader.tally(
        tensors, threads: tensors[0].threads, isRepeated: isRepeated, state
      ) {
        (state, tensor, tile) throws(CheckpointError) in
        state.tasks.load(tile, 0..<tile.count)
        let tasks = state.tasks
        let values = tasks.values.span
        for (place, source) in open.enumerated() {
          state.passes[place].add(
            values.extracting(tasks.range(source)),
            firstIndex: starts[tensor] + tile.firstElement)
        }
      } merge: { state, other in
        for place in state.passes.indices { state.passes[place].add(other.passes[place]) }
      }
      isRepeated = true
      for (place, source) in open.enumerated() {
        selections[source].advance(with: pass.passes[place])
      }
    }
    return selections.map(\.cutoffs)
  }
}

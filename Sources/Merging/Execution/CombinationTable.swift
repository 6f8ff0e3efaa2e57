import Checkpoints
import Synchronization

/// How each tensor is combined, after the methods have learned what they must know beforehand.
struct CombinationTable: Sendable {
  /// By the tensors' places in the template; nil where there is nothing to merge.
  private let combinations: [(any Combination)?]

  /// Lets the methods read what they need: large tensors one after the other on all threads, small
  /// ones side by side.
  ///
  /// - Parameters:
  ///   - plan: The merge.
  ///   - threads: The number of threads.
  /// - Throws: ``CheckpointError`` where values can't be read or used.
  init(_ plan: MergePlan, threads: Int) throws(CheckpointError) {
    let merges = plan.actions.enumerated().compactMap { tensor, action -> (Int, TensorMerge)? in
      guard case .merge(let merge) = action else { return nil }
      return (tensor, merge)
    }
    @Sendable func reader(_ tensor: Int, _ merge: TensorMerge, threads: Int) -> TensorReader {
      TensorReader(merge, tensor: plan.template.tensors[tensor], plan: plan, threads: threads)
    }
    var methods = plan.methods
    for (place, method) in plan.methods.enumerated() where method.looksAtWholeModel {
      let own = merges.filter { $0.1.method == place }
      methods[place] = try method.prepared(
        for: own.map { reader($0.0, $0.1, threads: threads) })
    }
    var table = [(any Combination)?](repeating: nil, count: plan.actions.count)
    var small: [(Int, TensorMerge)] = []
    for (tensor, merge) in merges {
      if let combination = methods[merge.method] as? any Combination {
        table[tensor] = combination
      } else if plan.template.tensors[tensor].elementCount <= TensorReader.sectionCount {
        small.append((tensor, merge))
      } else {
        let tensorReader = reader(tensor, merge, threads: threads)
        table[tensor] = try methods[merge.method].combination(of: tensorReader)
      }
    }
    let all = Mutex(table)
    let (smallTensors, prepared) = (small, methods)
    try forEachConcurrently(count: small.count, threads: threads, makeState: { () }) {
      (index, _) throws(CheckpointError) in
      let (tensor, merge) = smallTensors[index]
      let combination = try prepared[merge.method].combination(
        of: reader(tensor, merge, threads: 1))
      all.withLock { $0[tensor] = combination }
    }
    combinations = all.withLock { $0 }
  }

  /// How a tensor that is merged is combined.
  subscript(tensor: Int) -> (any Combination)? { combinations[tensor] }
}

import Checkpoints

/// Finds the statistics of the tensors that are merged.
struct StatisticsMatching {
  private let method: any StatisticsMethod
  private let inputs: [Checkpoint]
  /// The places of the files with statistics among the inputs: one per source, in their order.
  private let files: Range<Int>
  private(set) var warnings: [String] = []

  /// Matching for a method.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - inputs: The inputs; the last `statisticsCount` of them are the statistics.
  ///   - statisticsCount: See `inputs`.
  init(_ method: any StatisticsMethod, inputs: [Checkpoint], statisticsCount: Int) {
    self.method = method
    self.inputs = inputs
    files = inputs.count - statisticsCount..<inputs.count
  }

  /// Gives merged tensors their statistics; those without any are merged by the method at place 1.
  ///
  /// - Parameter actions: What becomes of each tensor of the template.
  /// - Returns: The same, with statistics.
  /// - Throws: ``CheckpointError`` where statistics don't fit their tensor, or there are none.
  mutating func actions(
    _ actions: [MergePlan.Action]
  ) throws(CheckpointError) -> [MergePlan.Action] {
    var result = actions
    var isUsed = false
    for (place, action) in actions.enumerated() {
      guard case .merge(let merge) = action else { continue }
      let statistics = try statistics(of: inputs[0].tensors[place])
      isUsed = isUsed || statistics != nil
      result[place] = .merge(
        statistics.map { merge.with($0, method.combinesStatistics) }
          ?? TensorMerge(method: 1, operands: merge.operands))
    }
    if !isUsed {
      throw .unusable(
        inputs[files.lowerBound].file.name, "holds statistics of no tensor that is merged",
        remedy: "name statistics as the tensors are named; --rename gives them other names")
    }
    return result
  }

  /// The statistics of a tensor in every file; nil where a file lacks them.
  private mutating func statistics(
    of tensor: Tensor
  ) throws(CheckpointError) -> [TensorMerge.Operand]? {
    var operands: [TensorMerge.Operand] = []
    var lacking: String?
    for file in files {
      guard let place = inputs[file].index(of: tensor.name) else {
        lacking = inputs[file].file.name
        continue
      }
      try method.check(inputs[file].tensors[place], of: tensor, in: inputs[file])
      operands.append(TensorMerge.Operand(input: file, place: place))
    }
    guard let lacking else { return operands }
    if !operands.isEmpty {
      warnings.append(
        "\(lacking): has no statistics of \(tensor.name), so it takes the weighted mean")
    }
    return nil
  }
}

extension StatisticsMethod {
  /// Checks that statistics fit their tensor.
  ///
  /// - Throws: ``CheckpointError`` that says what they should be.
  func check(
    _ statistics: Tensor, of tensor: Tensor, in file: Checkpoint
  ) throws(CheckpointError) {
    let path = file.file.name
    guard let shape = statisticsShape(for: tensor.shape), statistics.shape == shape else {
      let wanted = statisticsShape(for: tensor.shape).map { "need \(shapeText($0))" }
      throw .unusable(
        path, tensor: tensor.name,
        "has shape \(shapeText(statistics.shape)), but statistics for \(self.name) of a tensor "
          + "of shape \(shapeText(tensor.shape)) \(wanted ?? "don't exist")")
    }
    guard statistics.isMergeable else {
      throw .unusable(
        path, tensor: tensor.name, "holds \(statistics.elementType), not real numbers")
    }
    if case .unsupported(let reason) = statistics.storage {
      throw .unusable(path, tensor: tensor.name, reason)
    }
  }
}

extension TensorMerge {
  /// The same merge with statistics.
  func with(_ statistics: [Operand], _ areCombined: Bool) -> TensorMerge {
    TensorMerge(
      method: method, operands: areCombined ? operands + statistics : operands,
      statistics: statistics)
  }
}

package import Checkpoints
internal import Kernels

/// A checkpoint whose tensors are known to be the weights of a graph.
package struct ModelSource: Sendable {
  /// The file.
  package let checkpoint: Checkpoint
  /// For each layer of the graph and each of its slots the place in the checkpoint's `tensors`.
  package let places: [[Int]]

  /// A checkpoint and where each weight lies in it.
  package init(_ checkpoint: Checkpoint, places: [[Int]]) {
    self.checkpoint = checkpoint
    self.places = places
  }

  /// The values of one weight in float64.
  ///
  /// - Throws: ``CheckpointError`` where they can't be read or aren't numbers.
  package func values(layer: Int, slot: Int) throws(CheckpointError) -> [Double] {
    let tensor = checkpoint.tensors[places[layer][slot]]
    guard tensor.elementType.isFloatingPoint || tensor.elementType.isInteger else {
      throw .unusable(
        checkpoint.file.name, tensor: tensor.name,
        "holds \(tensor.elementType), which networks can't compute with")
    }
    var bytes = [UInt8](repeating: 0, count: tensor.byteCount)
    var scratch = ChunkScratch()
    if !bytes.isEmpty {
      var elements = bytes.mutableSpan
      var raw = unsafe elements.mutableBytes
      try checkpoint.read(tensor, elements: 0..<tensor.elementCount, into: &raw, scratch: &scratch)
    }
    var values = [Double](repeating: 0, count: tensor.elementCount)
    var span = values.mutableSpan
    ElementDecoding.decode(
      tensor.elementType, tensor.byteOrder, from: unsafe bytes.span.bytes, into: &span)
    guard FiniteCheck.allFinite(values.span) else {
      throw CheckpointError(
        .numeric, file: checkpoint.file.name, subject: "tensor \(tensor.name)",
        fact: "holds NaN or infinity, with which a network computes nothing",
        remedy: "ctl-merge verify shows where; train or merge it anew")
    }
    return values
  }
}

/// How a model's weights are made of those of sources; the formulas of `ctl-merge`, in float64 and rounded
/// once, so that a model made here is the model that a merge writes in float32.
package enum ModelFormula: Hashable, Sendable {
  /// A source itself.
  case source(Int)
  /// `Σ c_i θ_i`, in this order; a source with the coefficient 0 takes no part.
  case weighted([Term])
  /// `θ_base + Σ l_i (θ_i - θ_base)`, in this order.
  case task(base: Int, [Term])

  /// A source and what it is multiplied by.
  package struct Term: Hashable, Sendable {
    package var source: Int
    package var coefficient: Double

    /// A source with its coefficient.
    package init(_ source: Int, _ coefficient: Double) {
      self.source = source
      self.coefficient = coefficient
    }
  }

  /// `alpha θ_a + (1 - alpha) θ_b`; alpha multiplies the first.
  package static func interpolation(_ a: Int, _ b: Int, alpha: Double) -> ModelFormula {
    .weighted([Term(a, alpha), Term(b, 1 - alpha)])
  }

  /// Whether it is one of the sources, to the last bit.
  package var isSource: Bool {
    if case .source = simplified { true } else { false }
  }

  /// The same with the plain cases told apart, which are copies to the last bit.
  private var simplified: ModelFormula {
    switch self {
    case .source: return self
    case .weighted(let terms):
      let present = terms.filter { $0.coefficient != 0 }
      if present.count == 1, present[0].coefficient == 1 { return .source(present[0].source) }
      return .weighted(present)
    case .task(let base, let terms):
      let present = terms.filter { $0.coefficient != 0 }
      if present.isEmpty { return .source(base) }
      if present.count == 1, present[0].coefficient == 1 { return .source(present[0].source) }
      return .task(base: base, present)
    }
  }

  /// Computes one weight of the model.
  ///
  /// - Parameter sources: The sources' values of this weight.
  /// - Returns: Its values in float64.
  package func values(of sources: [[Double]]) -> [Double] {
    switch simplified {
    case .source(let place): return sources[place]
    case .weighted(let terms):
      var result = [Double](repeating: 0, count: sources.first?.count ?? 0)
      var span = result.mutableSpan
      for (number, term) in terms.enumerated() {
        let values = sources[term.source]
        if number == 0 {
          LinearCombination.assign(values.span, scaledBy: term.coefficient, to: &span)
        } else {
          LinearCombination.addScaled(values.span, by: term.coefficient, to: &span)
        }
      }
      return result
    case .task(let base, let terms):
      let origin = sources[base]
      var result = origin
      var span = result.mutableSpan
      for term in terms {
        let values = sources[term.source]
        LinearCombination.addScaledDifference(
          values.span, minus: origin.span, by: term.coefficient, to: &span)
      }
      return result
    }
  }
}

extension Network {
  /// Networks of formulas over sources, made side by side.
  ///
  /// - Parameters:
  ///   - formulas: One for each network.
  ///   - sources: The checkpoints.
  ///   - kernels: The plan and its kernels.
  ///   - adjust: Looks at a layer's weights before they are packed (BatchNorm's policy, weight geometry):
  ///     the layer, the sources' values of each slot, and each network's values of each slot, which it may change.
  /// - Returns: The networks.
  /// - Throws: ``CheckpointError`` where weights can't be read or used.
  package static func make(
    _ formulas: [ModelFormula], of sources: [ModelSource], _ kernels: NetworkKernels,
    adjust: (
      _ layer: Int, _ sources: [[[Double]]], _ networks: inout [[[Double]]]
    ) throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> [Network] {
    try sideBySide(formulas.count, kernels) { layer throws(CheckpointError) in
      let slots = kernels.plan.slots[layer]
      var sets = [[[Double]]](repeating: [], count: formulas.count)
      var values = [[[Double]]](repeating: [], count: sources.count)
      for slot in slots.indices {
        for (number, source) in sources.enumerated() {
          values[number].append(try source.values(layer: layer, slot: slot))
        }
        let ofSlot = values.map { $0[slot] }
        for (number, formula) in formulas.enumerated() {
          sets[number].append(formula.values(of: ofSlot))
        }
      }
      try adjust(layer, values, &sets)
      return sets.map { set in
        zip(slots, set).map { slot, values in FloatArray(slot.shape, values.map { Float($0) }) }
      }
    }
  }
}

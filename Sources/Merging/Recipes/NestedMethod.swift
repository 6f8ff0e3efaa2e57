import Checkpoints
import Kernels

/// A method some of whose operands are merged themselves, tile by tile, and never stored.
///
/// Its inputs are the stored tensors of all of them, depth first; values stay Float64 in between.
struct NestedMethod: MergeMethod {
  /// What the outer method takes.
  enum Operand: Sendable {
    /// The next input.
    case stored
    /// What a method makes of the next inputs.
    indirect case merged(any MergeMethod, inputCount: Int)

    var inputCount: Int {
      switch self {
      case .stored: 1
      case .merged(_, let count): count
      }
    }
  }

  private var outer: any MergeMethod
  private var operands: [Operand]

  init(_ outer: any MergeMethod, operands: [Operand]) {
    self.outer = outer
    self.operands = operands
  }

  /// The number of stored tensors that it takes.
  var inputCount: Int { operands.reduce(0) { $0 + $1.inputCount } }

  var name: String { outer.name }
  var parameters: [Parameter] { outer.parameters }
  var product: SourceKind { outer.product }
  var carriesNonFinite: Bool { false }

  var rule: String {
    let inner = operands.compactMap { operand -> String? in
      guard case .merged(let method, _) = operand else { return nil }
      return method.rule
    }
    return "\(outer.rule), of (\(inner.joined(separator: "), (")))"
  }

  func passes(over shape: [Int]) -> Int {
    operands.reduce(outer.passes(over: shape)) { passes, operand in
      guard case .merged(let method, _) = operand else { return passes }
      return passes + method.passes(over: shape) - 1
    }
  }

  /// Whole rows for the one that wants the longest: rows along the last axis divide those along
  /// several.
  func unit(of shape: [Int]) -> Int {
    operands.reduce(outer.unit(of: shape)) { unit, operand in
      guard case .merged(let method, _) = operand else { return unit }
      return max(unit, method.unit(of: shape))
    }
  }

  var looksAtWholeModel: Bool {
    operands.contains { operand in
      guard case .merged(let method, _) = operand else { return false }
      return method.looksAtWholeModel
    } || outer.looksAtWholeModel
  }

  func prepared(for tensors: [TensorReader]) throws(CheckpointError) -> any MergeMethod {
    var prepared = self
    var first = 0
    for (place, operand) in operands.enumerated() {
      let inputs = first..<first + operand.inputCount
      first = inputs.upperBound
      guard case .merged(let method, let count) = operand, method.looksAtWholeModel else {
        continue
      }
      let own = try method.prepared(for: tensors.map { $0.selecting(inputs) })
      prepared.operands[place] = .merged(own, inputCount: count)
    }
    // What is merged first is measured only for an outer method that looks at all of it.
    guard outer.looksAtWholeModel else { return prepared }
    var readers: [TensorReader] = []
    for tensor in tensors {
      readers.append(tensor.mapped(by: try prepared.operandTiles(of: tensor)))
    }
    prepared.outer = try outer.prepared(for: readers)
    return prepared
  }

  func combination(of tensor: TensorReader) throws(CheckpointError) -> any Combination {
    let tiles = try operandTiles(of: tensor)
    return NestedCombination(
      outer: try outer.combination(of: tensor.mapped(by: tiles)), tiles: tiles)
  }

  private func operandTiles(of tensor: TensorReader) throws(CheckpointError) -> OperandTiles {
    var parts: [OperandTiles.Part] = []
    var first = 0
    for operand in operands {
      let inputs = first..<first + operand.inputCount
      first = inputs.upperBound
      switch operand {
      case .stored: parts.append(.stored(inputs.lowerBound))
      case .merged(let method, _):
        parts.append(
          .merged(try method.combination(of: tensor.selecting(inputs)), inputs: inputs))
      }
    }
    return OperandTiles(parts: parts, unit: unit(of: tensor.shape))
  }
}

/// Makes the outer method's tiles from those of the stored tensors.
struct OperandTiles: Sendable {
  enum Part: Sendable {
    case stored(Int)
    case merged(any Combination, inputs: Range<Int>)
  }

  let parts: [Part]
  /// How many neighbouring elements the combinations want together.
  let unit: Int

  /// What each operand holds: what is merged is a model.
  func kinds(_ kinds: [SourceKind]) -> [SourceKind] {
    parts.map { part in
      guard case .stored(let input) = part else { return .model }
      return kinds[input]
    }
  }

  /// The tile of the outer method's operands.
  ///
  /// - Throws: ``CheckpointError`` where a combination does.
  func callAsFunction(
    _ tile: borrowing SourceTile
  ) throws(CheckpointError) -> SourceTile {
    var result = SourceTile(kinds: kinds(tile.kinds), stride: max(tile.count, 1))
    result.firstElement = tile.firstElement
    result.count = tile.count
    for (place, part) in parts.enumerated() {
      let range = result.range(place)
      switch part {
      case .stored(let input):
        let values = tile.values.span
        var all = result.values.mutableSpan
        var target = all._mutatingExtracting(range)
        LinearCombination.assign(
          values.extracting(tile.range(input)), scaledBy: 1, to: &target)
      case .merged(let combination, let inputs):
        let inner = tile.selecting(inputs)
        var all = result.values.mutableSpan
        var target = all._mutatingExtracting(range)
        try combination.combine(inner, as: .float64, into: &target)
      }
    }
    return result
  }
}

private struct NestedCombination: Combination {
  let outer: any Combination
  let tiles: OperandTiles

  func combine(
    _ tile: borrowing SourceTile, as type: ElementType, into result: inout MutableSpan<Double>
  ) throws(CheckpointError) {
    try outer.combine(tiles(tile), as: type, into: &result)
  }
}

extension SourceTile {
  /// The tile of some neighbouring inputs.
  fileprivate func selecting(_ inputs: Range<Int>) -> SourceTile {
    var tile = SourceTile(kinds: Array(kinds[inputs]), stride: max(count, 1))
    tile.firstElement = firstElement
    tile.count = count
    for (place, input) in inputs.enumerated() {
      tile.values.replaceSubrange(tile.range(place), with: values[range(input)])
    }
    return tile
  }
}

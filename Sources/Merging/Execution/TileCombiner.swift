import Checkpoints
import Kernels

/// Where a window holds the elements of a method's operand.
struct OperandPlace {
  /// The window, by its input.
  let input: Int
  /// The request of that window.
  let request: Int
}

/// Combines elements block by block: decode, check, combine, check, encode.
struct TileCombiner {
  /// Elements in a block: with a handful of sources a block fits the first-level cache.
  static let blockCount = 1024
  /// Elements that a method's shortcut is offered at once; if it fails they are combined in blocks.
  private static let stretchCount = 16 * blockCount

  /// How an input stores a tensor.
  private struct Format {
    let type: ElementType
    let order: ByteOrder
    let size: Int
  }

  private let plan: MergePlan
  private let combinations: CombinationTable
  private let refusesNonFinite: Bool
  private var tile: SourceTile
  private var result: [Double]
  // What is known of the tensor at hand, looked up once and not for each block.
  private var selected = -1
  private var merge = TensorMerge(method: 0, operands: [])
  private var combination: (any Combination)?
  private var formats: [Format] = []
  private var block = TileCombiner.blockCount
  private var checksInputs = false
  private var isVariance = false
  /// How many variances were raised to zero.
  private(set) var clampedCount = 0

  init(_ plan: MergePlan, _ combinations: CombinationTable) {
    self.plan = plan
    self.combinations = combinations
    self.refusesNonFinite = plan.recipe.nonFinite == .error
    self.tile = SourceTile(kinds: plan.kinds, stride: TileCombiner.blockCount)
    self.result = [Double](repeating: 0, count: TileCombiner.blockCount)
  }

  /// Combines neighbouring elements of one tensor.
  ///
  /// - Parameters:
  ///   - tensor: The tensor's place in the template.
  ///   - elements: The elements: whole units of the method.
  ///   - windows: What was read, by input.
  ///   - operands: Where the windows hold the elements of each operand.
  ///   - skipped: How many elements the windows hold before these.
  ///   - type: The output's element type.
  ///   - order: The output's byte order.
  ///   - output: Receives the elements from `place` on.
  ///   - place: See `output`.
  /// - Throws: ``CheckpointError`` of kind `numeric`.
  mutating func combine(
    tensor: Int, _ elements: Range<Int>, windows: [SourceWindow],
    operands: ArraySlice<OperandPlace>, skipping skipped: Int = 0, as type: ElementType,
    _ order: ByteOrder, into output: inout MutableRawSpan, at place: Int
  ) throws(CheckpointError) {
    select(tensor)
    guard let combination else { return }
    let size = type.byteCount ?? 0
    let count = elements.count
    var stored = storedTile(windows, operands, skipped, as: type, order)
    let stretchCount = max(block, TileCombiner.stretchCount / block * block)
    for start in stride(from: 0, to: count, by: stretchCount) {
      let end = min(count, start + stretchCount)
      var stretch = output._mutatingExtracting(place + start * size..<place + end * size)
      defer { stored?.advance(by: (end - start) * size) }
      if let stored, combination.combineStored(stored, into: &stretch) { continue }
      for first in stride(from: start, to: end, by: block) {
        let last = min(end, first + block)
        tile.firstElement = elements.lowerBound + first
        decode(skipped + first..<skipped + last, windows, operands)
        var target = stretch._mutatingExtracting((first - start) * size..<(last - start) * size)
        try combineTile(of: tensor, combination, as: type, order, into: &target)
      }
    }
  }

  /// The elements as they are stored, for the method's shortcut: where all inputs and the output
  /// store them alike, and nothing has to be looked at before they are rounded.
  private func storedTile(
    _ windows: [SourceWindow], _ operands: ArraySlice<OperandPlace>, _ skipped: Int,
    as type: ElementType, _ order: ByteOrder
  ) -> StoredTile? {
    guard !isVariance, formats.allSatisfy({ $0.type == type && $0.order == order }) else {
      return nil
    }
    return StoredTile(
      type: type, order: order, buffers: operands.map { windows[$0.input].bytes },
      starts: zip(operands, formats).map { operand, format in
        windows[operand.input].places[operand.request] + skipped * format.size
      })
  }

  /// Fills the tile with elements of all operands.
  private mutating func decode(
    _ elements: Range<Int>, _ windows: [SourceWindow], _ operands: ArraySlice<OperandPlace>
  ) {
    tile.count = elements.count
    for (source, operand) in operands.enumerated() {
      let format = formats[source]
      let first = windows[operand.input].places[operand.request]
      let bytes =
        first + elements.lowerBound * format.size..<first + elements.upperBound * format.size
      let range = tile.range(source)
      var values = tile.values.mutableSpan
      var target = values._mutatingExtracting(range)
      let stored = windows[operand.input].bytes
      let span = unsafe stored.span.bytes
      ElementDecoding.decode(
        format.type, format.order, from: span.extracting(bytes), into: &target)
    }
  }

  /// Combines the tile and rounds the result into the output.
  private mutating func combineTile(
    of tensor: Int, _ combination: any Combination, as type: ElementType, _ order: ByteOrder,
    into output: inout MutableRawSpan
  ) throws(CheckpointError) {
    var values: [Double] = []
    swap(&values, &result)
    defer { result = values }
    var all = values.mutableSpan
    var combined = all._mutatingExtracting(0..<tile.count)
    if checksInputs, !inputsAreFinite { throw nonFiniteError(tensor, as: type) }
    try combination.combine(tile, as: type, into: &combined)
    if refusesNonFinite, !FiniteCheck.allFinite(combined.span, as: type) {
      throw nonFiniteError(tensor, as: type)
    }
    if isVariance { try checkVariances(&combined, tensor: tensor) }
    ElementEncoding.encode(combined.span, as: type, order, into: &output)
  }

  /// Looks up what is needed of a tensor, unless it is the one of the last call.
  private mutating func select(_ tensor: Int) {
    guard tensor != selected, case .merge(let merge) = plan.actions[tensor] else { return }
    selected = tensor
    self.merge = merge
    combination = combinations[tensor]
    let method = plan.methods[merge.method]
    checksInputs = refusesNonFinite && !method.carriesNonFinite
    formats = merge.operands.map { operand in
      let description = plan.inputs[operand.input].tensors[operand.place]
      return Format(
        type: description.elementType, order: description.byteOrder, size: description.elementSize)
    }
    isVariance = plan.isModel && plan.template.tensors[tensor].isVariance
    let unit = plan.unit(of: tensor)
    block = max(unit, TileCombiner.blockCount / unit * unit)
    let kinds = merge.operands.map { plan.kinds[$0.input] }
    if tile.stride < block || tile.kinds != kinds {
      tile = SourceTile(kinds: kinds, stride: max(block, TileCombiner.blockCount))
    }
    if result.count < block { result = [Double](repeating: 0, count: block) }
  }

  private var inputsAreFinite: Bool {
    let values = tile.values.span
    for source in formats.indices
    where !FiniteCheck.allFinite(values.extracting(tile.range(source))) {
      return false
    }
    return true
  }

  /// Says whose values aren't finite, or that the result overflows the output's type.
  ///
  /// Mostly only results are checked block by block: most methods carry a non-finite input on.
  private func nonFiniteError(_ tensor: Int, as type: ElementType) -> CheckpointError {
    let values = tile.values.span
    let subject = "tensor \(plan.template.tensors[tensor].name)"
    for (source, operand) in merge.operands.enumerated()
    where !FiniteCheck.allFinite(values.extracting(tile.range(source))) {
      let input = plan.inputs[operand.input]
      return .notFinite(input, input.tensors[operand.place].name)
    }
    return CheckpointError(
      .numeric, file: plan.template.file.name, subject: subject,
      fact: "the merged values overflow \(type)",
      remedy: "choose a wider type with --dtype, or use --non-finite allow")
  }

  /// Refuses or raises negative variances, before they are rounded.
  private mutating func checkVariances(
    _ values: inout MutableSpan<Double>, tensor: Int
  ) throws(CheckpointError) {
    if NonNegativeCheck.allNonNegative(values.span) { return }
    guard plan.recipe.clampsVariances else {
      throw CheckpointError(
        .numeric, file: plan.template.file.name,
        subject: "tensor \(plan.template.tensors[tensor].name)",
        fact: "the merged variance is negative in places, which would make the network give NaN",
        remedy: "use a smaller scale, or --clamp-variance to raise such values to zero")
    }
    clampedCount += NonNegativeCheck.clamp(&values)
  }
}

import Checkpoints
import Kernels

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
  private let method: any MergeMethod
  private let refusesNonFinite: Bool
  private var tile: SourceTile
  private var result: [Double]
  // What is known of the tensor at hand, looked up once and not for each block.
  private var selected = -1
  private var formats: [Format] = []
  private var isVariance = false
  /// How many variances were raised to zero.
  private(set) var clampedCount = 0

  init(_ plan: MergePlan) {
    self.plan = plan
    self.method = plan.method
    self.refusesNonFinite = plan.recipe.nonFinite == .error
    self.tile = SourceTile(kinds: plan.kinds, stride: TileCombiner.blockCount)
    self.result = [Double](repeating: 0, count: TileCombiner.blockCount)
  }

  /// Combines elements of one tensor.
  ///
  /// - Parameters:
  ///   - tensor: The tensor's place in the template.
  ///   - count: The number of elements.
  ///   - windows: One per input; request `request` of each holds the elements.
  ///   - request: See `windows`.
  ///   - type: The output's element type.
  ///   - order: The output's byte order.
  ///   - output: Receives the elements from `place` on.
  ///   - place: See `output`.
  /// - Throws: ``CheckpointError`` of kind `numeric`.
  mutating func combine(
    tensor: Int, count: Int, windows: [SourceWindow], request: Int, as type: ElementType,
    _ order: ByteOrder, into output: inout MutableRawSpan, at place: Int
  ) throws(CheckpointError) {
    select(tensor)
    let size = type.byteCount ?? 0
    var stored = storedTile(windows, request, as: type, order)
    for start in stride(from: 0, to: count, by: TileCombiner.stretchCount) {
      let end = min(count, start + TileCombiner.stretchCount)
      var stretch = output._mutatingExtracting(place + start * size..<place + end * size)
      defer { stored?.advance(by: (end - start) * size) }
      if let stored, method.combineStored(stored, into: &stretch) { continue }
      for block in stride(from: start, to: end, by: TileCombiner.blockCount) {
        let blockEnd = min(end, block + TileCombiner.blockCount)
        decode(block..<blockEnd, windows, request)
        var target = stretch._mutatingExtracting(
          (block - start) * size..<(blockEnd - start) * size)
        try combineTile(of: tensor, as: type, order, into: &target)
      }
    }
  }

  /// The elements as they are stored, for the method's shortcut: where all inputs and the output
  /// store them alike, and nothing has to be looked at before they are rounded.
  private func storedTile(
    _ windows: [SourceWindow], _ request: Int, as type: ElementType, _ order: ByteOrder
  ) -> StoredTile? {
    guard !isVariance, formats.allSatisfy({ $0.type == type && $0.order == order }) else {
      return nil
    }
    return StoredTile(
      type: type, order: order, buffers: windows.map(\.bytes),
      starts: windows.map { $0.places[request] })
  }

  /// Fills the tile with elements of all inputs.
  private mutating func decode(
    _ elements: Range<Int>, _ windows: [SourceWindow], _ request: Int
  ) {
    tile.count = elements.count
    for source in formats.indices {
      let format = formats[source]
      let first = windows[source].places[request]
      let bytes =
        first + elements.lowerBound * format.size..<first + elements.upperBound * format.size
      let range = tile.range(source)
      var values = tile.values.mutableSpan
      var target = values._mutatingExtracting(range)
      let stored = windows[source].bytes
      let span = unsafe stored.span.bytes
      ElementDecoding.decode(
        format.type, format.order, from: span.extracting(bytes), into: &target)
    }
  }

  /// Combines the tile and rounds the result into the output.
  private mutating func combineTile(
    of tensor: Int, as type: ElementType, _ order: ByteOrder, into output: inout MutableRawSpan
  ) throws(CheckpointError) {
    var values: [Double] = []
    swap(&values, &result)
    defer { result = values }
    var all = values.mutableSpan
    var combined = all._mutatingExtracting(0..<tile.count)
    method.combine(tile, as: type, into: &combined)
    if refusesNonFinite, !FiniteCheck.allFinite(combined.span, as: type) {
      throw nonFiniteError(tensor, as: type)
    }
    if isVariance { try checkVariances(&combined, tensor: tensor) }
    ElementEncoding.encode(combined.span, as: type, order, into: &output)
  }

  /// Looks up what is needed of a tensor, unless it is the one of the last call.
  private mutating func select(_ tensor: Int) {
    guard tensor != selected, case .merge(let places) = plan.actions[tensor] else { return }
    selected = tensor
    formats = zip(plan.inputs, places).map { input, place in
      let description = input.tensors[place]
      return Format(
        type: description.elementType, order: description.byteOrder, size: description.elementSize)
    }
    isVariance = plan.isModel && plan.template.tensors[tensor].isVariance
  }

  /// Says whose values aren't finite, or that the result overflows the output's type.
  ///
  /// Only results are checked block by block: every method carries a non-finite input on.
  private func nonFiniteError(_ tensor: Int, as type: ElementType) -> CheckpointError {
    let values = tile.values.span
    let subject = "tensor \(plan.template.tensors[tensor].name)"
    for (source, input) in plan.inputs.enumerated()
    where !FiniteCheck.allFinite(values.extracting(tile.range(source))) {
      return CheckpointError(
        .numeric, file: input.file.name, subject: subject, fact: "holds NaN or infinite values",
        remedy: "leave it out with --exclude, or use --non-finite allow to merge it as it is")
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

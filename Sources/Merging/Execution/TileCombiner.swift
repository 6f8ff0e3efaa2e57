import Checkpoints
import Kernels

/// Combines elements block by block: decode, check, combine, check, encode.
struct TileCombiner {
  /// Elements in a block: with a handful of sources a block fits the first-level cache.
  static let blockCount = 1024

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
    let outputSize = type.byteCount ?? 0
    if combineStored(count, windows, request, as: type, order, into: &output, at: place) { return }
    for start in stride(from: 0, to: count, by: TileCombiner.blockCount) {
      let elements = min(TileCombiner.blockCount, count - start)
      tile.count = elements
      for source in formats.indices {
        let format = formats[source]
        let from = windows[source].places[request] + start * format.size
        let range = tile.range(source)
        var values = tile.values.mutableSpan
        var target = values._mutatingExtracting(range)
        let stored = windows[source].bytes
        let bytes = unsafe stored.span.bytes
        ElementDecoding.decode(
          format.type, format.order,
          from: bytes.extracting(from..<from + elements * format.size), into: &target)
      }
      var rounded: [Double] = []
      swap(&rounded, &result)
      defer { result = rounded }
      var results = rounded.mutableSpan
      var combined = results._mutatingExtracting(0..<elements)
      method.combine(tile, as: type, into: &combined)
      if refusesNonFinite, !FiniteCheck.allFinite(combined.span, as: type) {
        throw nonFiniteError(tensor, as: type)
      }
      if isVariance { try checkVariances(&combined, tensor: tensor) }
      let to = place + start * outputSize
      var target = output._mutatingExtracting(to..<to + elements * outputSize)
      ElementEncoding.encode(combined.span, as: type, order, into: &target)
    }
  }

  /// Lets the method take its shortcut where two inputs and the output store elements alike; all
  /// elements at once, as nothing is decoded.
  private func combineStored(
    _ count: Int, _ windows: [SourceWindow], _ request: Int, as type: ElementType,
    _ order: ByteOrder, into output: inout MutableRawSpan, at place: Int
  ) -> Bool {
    guard formats.count == 2, !isVariance,
      formats.allSatisfy({ $0.type == type && $0.order == order })
    else { return false }
    let length = count * formats[0].size
    let first = windows[0].places[request]
    let second = windows[1].places[request]
    let a = windows[0].bytes
    let b = windows[1].bytes
    var target = output._mutatingExtracting(place..<place + length)
    return method.combineStored(
      unsafe a.span.bytes.extracting(first..<first + length),
      unsafe b.span.bytes.extracting(second..<second + length), as: type, order, into: &target)
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

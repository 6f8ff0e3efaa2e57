import Checkpoints
import Kernels

/// Combines elements block by block: decode, check, combine, check, encode.
struct TileCombiner {
  /// Elements in a block: with a handful of sources a block fits the first-level cache.
  static let blockCount = 1024

  private let plan: MergePlan
  private var tile: SourceTile
  private var result: [Double]
  /// How many variances were raised to zero.
  private(set) var clampedCount = 0

  init(_ plan: MergePlan) {
    self.plan = plan
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
    guard case .merge(let places) = plan.actions[tensor] else { return }
    let outputSize = type.byteCount ?? 0
    for start in stride(from: 0, to: count, by: TileCombiner.blockCount) {
      let elements = min(TileCombiner.blockCount, count - start)
      tile.count = elements
      for (source, input) in plan.inputs.enumerated() {
        let description = input.tensors[places[source]]
        let from = windows[source].places[request] + start * description.elementSize
        let range = tile.range(source)
        var values = tile.values.mutableSpan
        var target = values._mutatingExtracting(range)
        let stored = windows[source].bytes
        let bytes = unsafe stored.span.bytes
        ElementDecoding.decode(
          description.elementType, description.byteOrder,
          from: bytes.extracting(from..<from + elements * description.elementSize), into: &target)
      }
      if plan.recipe.nonFinite == .error { try checkInputs(places, elements: elements) }
      var rounded: [Double] = []
      swap(&rounded, &result)
      defer { result = rounded }
      var results = rounded.mutableSpan
      var combined = results._mutatingExtracting(0..<elements)
      plan.method.combine(tile, as: type, into: &combined)
      try checkResult(&combined, tensor: tensor, as: type)
      let to = place + start * outputSize
      var target = output._mutatingExtracting(to..<to + elements * outputSize)
      ElementEncoding.encode(combined.span, as: type, order, into: &target)
    }
  }

  private func checkInputs(_ places: [Int], elements: Int) throws(CheckpointError) {
    let values = tile.values.span
    for (source, input) in plan.inputs.enumerated() {
      if FiniteCheck.allFinite(values.extracting(tile.range(source))) { continue }
      throw CheckpointError(
        .numeric, file: input.file.name, subject: "tensor \(input.tensors[places[source]].name)",
        fact: "holds NaN or infinite values",
        remedy: "leave it out with --exclude, or use --non-finite allow to merge it as it is")
    }
  }

  /// Checks what the method gave, before it is rounded.
  private mutating func checkResult(
    _ values: inout MutableSpan<Double>, tensor: Int, as type: ElementType
  ) throws(CheckpointError) {
    let description = plan.template.tensors[tensor]
    if plan.recipe.nonFinite == .error, !FiniteCheck.allFinite(values.span, as: type) {
      throw CheckpointError(
        .numeric, file: plan.template.file.name, subject: "tensor \(description.name)",
        fact: "the merged values overflow \(type)",
        remedy: "choose a wider type with --dtype, or use --non-finite allow")
    }
    guard description.isVariance, plan.isModel, !NonNegativeCheck.allNonNegative(values.span)
    else { return }
    guard plan.recipe.clampsVariances else {
      throw CheckpointError(
        .numeric, file: plan.template.file.name, subject: "tensor \(description.name)",
        fact: "the merged variance is negative in places, which would make the network give NaN",
        remedy: "use a smaller scale, or --clamp-variance to raise such values to zero")
    }
    clampedCount += NonNegativeCheck.clamp(&values)
  }
}

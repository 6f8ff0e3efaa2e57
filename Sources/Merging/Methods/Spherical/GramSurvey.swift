import Checkpoints
import Kernels

/// The dot products of a tensor's sources: `Gᵢⱼ = ⟨xᵢ, xⱼ⟩`.
///
/// With a base they are those of the task vectors.
struct GramSurvey: Sendable {
  /// Whether the first input is a base, from which the others differ by the vectors.
  private let hasBase: Bool
  private var tasks = TaskTile()
  private(set) var gram: GramMatrix

  init(inputCount: Int, hasBase: Bool) {
    self.hasBase = hasBase
    gram = GramMatrix(count: hasBase ? inputCount - 1 : inputCount)
  }

  /// The dot products of a whole tensor.
  static func gram(
    of tensor: TensorReader, hasBase: Bool
  ) throws(CheckpointError) -> GramMatrix {
    try tensor.reduce(GramSurvey(inputCount: tensor.kinds.count, hasBase: hasBase)) {
      (survey, tile) throws(CheckpointError) in
      survey.add(tile, 0..<tile.count)
    } merge: {
      $0.gram.add($1.gram)
    }.gram
  }

  /// The dot products of a part of a tile.
  static func gram(
    of tile: borrowing SourceTile, _ part: Range<Int>, hasBase: Bool
  ) -> GramMatrix {
    var survey = GramSurvey(inputCount: tile.sourceCount, hasBase: hasBase)
    survey.add(tile, part)
    return survey.gram
  }

  private mutating func add(_ tile: borrowing SourceTile, _ part: Range<Int>) {
    let values = tile.values.span
    if !hasBase {
      gram.add(
        tile: values.extracting(part.lowerBound..<values.count), stride: tile.stride,
        count: part.count)
      return
    }
    tasks.load(tile, part)
    let vectors = tasks
    gram.add(tile: vectors.values.span, stride: vectors.stride, count: vectors.count)
  }
}

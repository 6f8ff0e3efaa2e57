/// A method that weighs sources by statistics of the data that they were trained on.
///
/// The statistics come from further checkpoints, one per source, which hold a tensor of the same name
/// for every tensor that they know something of. The others are merged without.
package protocol StatisticsMethod: MergeMethod {
  /// How tensors without statistics are merged.
  var withoutStatistics: any MergeMethod { get }
  /// Whether a tile has the statistics of its elements, as inputs after the sources; else they are
  /// only there for ``MergeMethod/combination(of:)``.
  var combinesStatistics: Bool { get }

  /// The shape of the statistics of a tensor; nil where there can't be any.
  func statisticsShape(for shape: [Int]) -> [Int]?
}

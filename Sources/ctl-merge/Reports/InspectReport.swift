import Architectures
import Checkpoints
import Merging
import Terminal

/// What `inspect` tells.
struct InspectReport: Encodable {
  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let dtype: String
    let role: String
    @OrNull var layer: String?
    let bytes: Int
    let storage: String
    let aliasOf: String?
    let stats: Stats?
  }

  struct Stats: Encodable {
    @OrNull var min: Double?
    @OrNull var max: Double?
    @OrNull var mean: Double?
    @OrNull var std: Double?
    @OrNull var l2: Double?
    let nan: Int
    let inf: Int
    let zeros: Int
    let sha256: String
    let histogram: Histogram?

    init(_ statistics: TensorStatistics, _ histogram: TensorHistogram?) {
      self.histogram = histogram.map {
        Histogram(min: $0.minimum, max: $0.maximum, counts: $0.counts)
      }
      min = statistics.minimum
      max = statistics.maximum
      mean = statistics.mean
      std = statistics.standardDeviation
      l2 = statistics.norm
      nan = statistics.nanCount
      inf = statistics.infiniteCount
      zeros = statistics.zeroCount
      sha256 = statistics.sha256
    }
  }

  /// Equal steps from the least to the greatest value.
  struct Histogram: Encodable {
    let min: Double
    let max: Double
    let counts: [Int]
  }

  struct Totals: Encodable {
    let tensors: Int
    let parameters: Int
    /// Where the configuration tells what is frozen.
    var trainable: Int?
    var nonTrainable: Int?
    let bytes: Int
  }

  let file: String
  let format: String
  let tensors: [Tensor]
  let metadata: [String: String]
  let totals: Totals
  /// The layers that own tensors, in the order of the network where the configuration tells it.
  let layers: [Layer]
  /// What the configuration says of the model as a whole.
  let model: Model?

  /// The report; statistics by place, where values were read.
  init(_ checkpoint: Checkpoint, stats: [Stats?]?) {
    let summary = LayerSummary(checkpoint)
    layers = summary.layers
    model = summary.model
    file = checkpoint.file.name
    format = checkpoint.format
    metadata = Dictionary(
      checkpoint.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    tensors = checkpoint.tensors.enumerated().flatMap { place, tensor in
      let stats = stats?[place]
      return [Tensor(tensor, named: tensor.name, aliasOf: nil, stats: stats)]
        + tensor.aliases.map { alias in
          Tensor(tensor, named: alias, aliasOf: tensor.name, stats: stats)
        }
    }
    let parameters = checkpoint.tensors.filter { $0.role == .weight || $0.role == .statistic }
    totals = Totals(
      tensors: checkpoint.tensors.count,
      parameters: parameters.reduce(0) { $0 + $1.elementCount },
      trainable: summary.trainable, nonTrainable: summary.nonTrainable,
      bytes: checkpoint.tensors.reduce(0) { $0 + $1.byteCount })
  }
}

extension InspectReport.Tensor {
  init(
    _ tensor: Tensor, named name: TensorName, aliasOf original: TensorName?,
    stats: InspectReport.Stats?
  ) {
    self.init(
      name: name.text, shape: tensor.shape, dtype: tensor.elementType.description,
      role: tensor.role.rawValue, layer: tensor.layer, bytes: tensor.byteCount,
      storage: tensor.storage.label, aliasOf: original?.text, stats: stats)
  }
}

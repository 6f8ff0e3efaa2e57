/// The rows of one subject: what its figures have in common.
struct CSVRows {
  /// The models that the next figures are of.
  var pair: String
  let bn: String
  private(set) var rows: [CSVRow] = []
  /// Student's quantiles by samples: thousands of figures share a few.
  private var quantiles: [Int: Double] = [:]

  init(_ header: Header) {
    pair = Self.pair(of: header)
    bn = header.bn
  }

  /// All models of the run.
  static func pair(of header: Header) -> String {
    header.models.map(\.file).joined(separator: " | ")
  }

  /// The name under which a part's figures stand: the file, or `all` for the union of several.
  static func dataName(_ file: String?, in header: Header) -> String {
    if let file { return file }
    return header.data.count == 1 ? header.data[0].file : "all"
  }

  /// A figure without an interval.
  mutating func add(
    _ metric: String, _ value: Double?, data: String, alpha: Double? = nil, layer: String? = nil,
    interval: (low: Double, high: Double)? = nil, samples: Int? = nil
  ) {
    guard let value else { return }
    rows.append(
      CSVRow(
        pair: pair, data: data, bn: bn, alpha: alpha, layer: layer, metric: metric, value: value,
        interval: interval, samples: samples))
  }

  private mutating func quantile(samples: Int) -> Double? {
    guard samples > 1 else { return nil }
    let quantile =
      quantiles[samples] ?? StudentInterval.quantile(degreesOfFreedom: samples - 1)
    quantiles[samples] = quantile
    return quantile
  }

  /// The means of a comparison with their intervals, and its counts of samples that were left out.
  mutating func add(
    _ closeness: Closeness, prefix: String = "", data: String, alpha: Double? = nil, layer: String
  ) {
    let measures: [(String, Summary?)] = [
      ("one_minus_cos", closeness.oneMinusCos), ("coef", closeness.coef),
      ("relative_error", closeness.relativeError),
    ]
    let quantile = quantile(samples: closeness.samples)
    for (name, summary) in measures {
      add(
        prefix + name, summary?.mean, data: data, alpha: alpha, layer: layer,
        interval: summary?.meanInterval(samples: closeness.samples, quantile: quantile),
        samples: closeness.samples)
    }
    let counts = [
      ("zero_norm", closeness.zeroNorm), ("one_zero", closeness.oneZero),
      ("non_finite", closeness.nonFinite),
    ]
    for (name, count) in counts where count > 0 {
      add(prefix + name, Double(count), data: data, alpha: alpha, layer: layer)
    }
  }

  /// An accuracy with Wilson's interval, and the loss.
  mutating func add(
    _ score: Score, prefix: String = "", data: String, alpha: Double? = nil, layer: String? = nil,
    samples: Int? = nil
  ) {
    let interval = score.accuracyInterval
    add(
      prefix + "accuracy", score.accuracy, data: data, alpha: alpha, layer: layer,
      interval: interval.count == 2 ? (interval[0], interval[1]) : nil, samples: samples)
    add(prefix + "loss", score.loss, data: data, alpha: alpha, layer: layer, samples: samples)
  }

  /// A model's score on its data; the model stands for the pair.
  mutating func add(_ entry: EvaluationReport.Entry, in header: Header) {
    let all = pair
    pair = entry.model
    add(entry, data: Self.dataName(entry.data, in: header))
    pair = all
  }

  /// A score on one data file or all; of a regression the loss alone.
  mutating func add(
    _ entry: EvaluationReport.Entry, prefix: String = "", data: String, alpha: Double? = nil
  ) {
    if let score = entry.score {
      add(score, prefix: prefix, data: data, alpha: alpha, samples: entry.samples)
    } else {
      add(prefix + "loss", entry.loss, data: data, alpha: alpha, samples: entry.samples)
    }
  }
}

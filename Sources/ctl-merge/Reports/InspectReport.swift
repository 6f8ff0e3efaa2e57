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

    init(_ statistics: TensorStatistics) {
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

  struct Totals: Encodable {
    let tensors: Int
    let parameters: Int
    let bytes: Int
  }

  let file: String
  let format: String
  let tensors: [Tensor]
  let metadata: [String: String]
  let totals: Totals

  /// The report; statistics by place, where values were read.
  init(_ checkpoint: Checkpoint, statistics: [TensorStatistics?]?) {
    file = checkpoint.file.name
    format = checkpoint.format
    metadata = Dictionary(
      checkpoint.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    tensors = checkpoint.tensors.enumerated().flatMap { place, tensor in
      let stats = statistics?[place].map(Stats.init)
      return [Tensor(tensor, named: tensor.name, aliasOf: nil, stats: stats)]
        + tensor.aliases.map { alias in
          Tensor(tensor, named: alias, aliasOf: tensor.name, stats: stats)
        }
    }
    let parameters = checkpoint.tensors.filter { $0.role == .weight || $0.role == .statistic }
    totals = Totals(
      tensors: checkpoint.tensors.count,
      parameters: parameters.reduce(0) { $0 + $1.elementCount },
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

extension InspectReport {
  /// The report for a person: the tensors under their layers, then the totals and the metadata.
  var text: String {
    var lines = ["\(file): \(format)", ""]
    var rows: [[String]] = []
    var layer: String?
    for (place, tensor) in tensors.enumerated() {
      if tensor.layer != layer || place == 0 {
        layer = tensor.layer
        if let layer { rows.append([TensorName(layer).description]) }
      }
      var row = [
        (layer == nil ? "" : "  ") + TensorName(tensor.name).description,
        shapeText(tensor.shape),
        tensor.dtype,
      ]
      var remarks: [String] = []
      if tensor.role != "weight" { remarks.append(tensor.role) }
      if tensor.storage != "contiguous" { remarks.append(tensor.storage) }
      if let original = tensor.aliasOf { remarks.append("tied to \(TensorName(original))") }
      if let stats = tensor.stats {
        row += [
          "min \(short(stats.min))", "max \(short(stats.max))", "mean \(short(stats.mean))",
          "std \(short(stats.std))", "l2 \(short(stats.l2))",
        ]
        if stats.nan > 0 { remarks.append("\(stats.nan) NaN") }
        if stats.inf > 0 { remarks.append("\(stats.inf) infinite") }
      }
      rows.append(row + [remarks.joined(separator: ", ")])
    }
    lines.append(table(rows))
    lines.append("")
    lines.append(
      "\(counted(totals.tensors, "tensor")), \(counted(totals.parameters, "parameter")), "
        + byteText(totals.bytes))
    for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
      let shown = TensorName(value).description
      let cut =
        shown.count > 80 ? "\(shown.prefix(77))... (\(grouped(shown.count)) characters)" : shown
      lines.append("\(TensorName(name)): \(cut)")
    }
    return lines.map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}

import Checkpoints
import Merging
import Terminal

extension InspectReport {
  /// The report for a person: a tree of layers and their tensors, then the totals and the metadata.
  var text: String {
    var rows: [[String]] = []
    var listed = Set<String>()
    let byName = Dictionary(
      tensors.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let aliases = Dictionary(grouping: tensors.filter { $0.aliasOf != nil }) { $0.aliasOf ?? "" }
    for layer in layers {
      rows.append([heading(of: layer)])
      let own = layer.tensors.compactMap { byName[$0] }.flatMap { [$0] + (aliases[$0.name] ?? []) }
      for (place, tensor) in own.enumerated() {
        rows.append(row(tensor, branch: place == own.count - 1 ? "└─ " : "├─ "))
        listed.insert(tensor.name)
      }
    }
    let optimizer = tensors.filter { $0.role == "optimizer" }
      .sorted { TensorName($0.name) < TensorName($1.name) }
    for tensor in tensors where !listed.contains(tensor.name) && tensor.role != "optimizer" {
      rows.append(row(tensor, branch: ""))
    }
    if !optimizer.isEmpty {
      rows.append(["optimizer"])
      for (place, tensor) in optimizer.enumerated() {
        rows.append(row(tensor, branch: place == optimizer.count - 1 ? "└─ " : "├─ "))
      }
    }
    let lines = ["\(file): \(format)", "", table(rows), ""] + summary + metadataLines
    return lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false) }.map {
      line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  private func heading(of layer: Layer) -> String {
    let kind = layer.className.map { " (\(TensorName($0)))" } ?? ""
    let frozen = layer.trainable == false ? ", frozen" : ""
    return "\(TensorName(layer.name))\(kind): \(counted(layer.parameters, "parameter"))\(frozen)"
  }

  private func row(_ tensor: Tensor, branch: String) -> [String] {
    var row = [
      branch + TensorName(tensor.name).description, shapeText(tensor.shape), tensor.dtype,
    ]
    var remarks: [String] = []
    if tensor.role != "weight", tensor.role != "optimizer" { remarks.append(tensor.role) }
    if tensor.storage != "contiguous" { remarks.append(tensor.storage) }
    if let original = tensor.aliasOf { remarks.append("tied to \(TensorName(original))") }
    if let stats = tensor.stats {
      row += [
        "min \(short(stats.min))", "max \(short(stats.max))", "mean \(short(stats.mean))",
        "std \(short(stats.std))", "l2 \(short(stats.l2))", stats.histogram?.bars ?? "",
      ]
      if stats.nan > 0 { remarks.append("\(stats.nan) NaN") }
      if stats.inf > 0 { remarks.append("\(stats.inf) infinite") }
    }
    return row + [remarks.joined(separator: ", ")]
  }

  private var summary: [String] {
    let trained = totals.trainable.map {
      " (\(grouped($0)) trainable, \(grouped(totals.nonTrainable ?? 0)) not)"
    }
    var lines = [
      "\(counted(totals.tensors, "tensor")), \(counted(totals.parameters, "parameter"))"
        + "\(trained ?? ""), \(byteText(totals.bytes))"
    ]
    let state = tensors.filter { $0.role == "optimizer" && $0.aliasOf == nil }
    if !state.isEmpty {
      lines.append(
        "optimizer: \(counted(state.count, "tensor")), "
          + byteText(state.reduce(0) { $0 + $1.bytes }))
    }
    if let model {
      let version = model.kerasVersion.map { ", Keras \(TensorName($0))" } ?? ""
      lines.append("model: \(TensorName(model.name)), \(counted(model.layers, "layer"))\(version)")
    }
    return lines
  }

  private var metadataLines: [String] {
    metadata.sorted { $0.key < $1.key }.map { name, value in
      let shown = TensorName(value).description
      let cut =
        shown.count > 80 ? "\(shown.prefix(77))... (\(grouped(shown.count)) characters)" : shown
      return "\(TensorName(name)): \(cut)"
    }
  }
}

extension InspectReport.Histogram {
  /// One character a step, from the least to the greatest value; what has values has a mark.
  var bars: String {
    let levels = Array("▁▂▃▄▅▆▇█")
    let most = Double(counts.max() ?? 0)
    return "▕"
      + String(
        counts.map { count in
          count == 0 ? " " : levels[Swift.min(Int(Double(count) / most * 8), levels.count - 1)]
        }) + "▏"
  }
}

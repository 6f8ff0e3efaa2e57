extension LinearityReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    for part in [union] + perData { add(part, to: &rows) }
    return rows.rows
  }

  private func add(_ part: Part, to rows: inout CSVRows) {
    let data = CSVRows.dataName(part.file, in: header)
    for layer in part.layers { add(layer, data: data, to: &rows) }
    for output in part.output {
      let figures = [
        ("accuracy", output.accuracy), ("loss", output.loss),
        ("ensemble_accuracy", output.ensembleAccuracy), ("ensemble_loss", output.ensembleLoss),
        ("agreement", output.agreement), ("certified", output.certified),
      ]
      for (name, value) in figures { rows.add(name, value, data: data, alpha: output.alpha) }
    }
    rows.add("accuracy_a", part.accuracy?.a, data: data)
    rows.add("accuracy_b", part.accuracy?.b, data: data)
  }

  private func add(_ layer: Layer, data: String, to rows: inout CSVRows) {
    let name = layer.name
    rows.add(layer.baseline, prefix: "baseline_", data: data, layer: name)
    for figures in layer.alphas {
      rows.add(figures.closeness, data: data, alpha: figures.alpha, layer: name)
      rows.add(figures.toA, prefix: "to_a_", data: data, alpha: figures.alpha, layer: name)
      rows.add(figures.toB, prefix: "to_b_", data: data, alpha: figures.alpha, layer: name)
    }
    for local in layer.local {
      rows.add(local.closeness, prefix: "local_", data: data, alpha: local.alpha, layer: name)
      rows.add(
        "commutativity", local.commutativity, data: data, alpha: local.alpha, layer: name)
      rows.add("activation", local.activation, data: data, alpha: local.alpha, layer: name)
    }
    for term in layer.secondOrder ?? [] {
      rows.add("deviation", term.measured, data: data, alpha: term.alpha, layer: name)
      rows.add("second_order", term.predicted, data: data, alpha: term.alpha, layer: name)
    }
    if let weights = layer.weights {
      rows.add("weight_distance", weights.distance, data: data, layer: name)
      rows.add("relative_weight_distance", weights.relativeDistance, data: data, layer: name)
      rows.add("weight_cosine", weights.cosine, data: data, layer: name)
      rows.add("task_vector_cosine", weights.taskVectorCosine, data: data, layer: name)
    }
    rows.add("fitted_alpha", layer.fit?.alpha, data: data, layer: name)
    rows.add("fit_residual", layer.fit?.residual, data: data, layer: name)
  }
}

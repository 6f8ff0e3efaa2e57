extension EvaluationReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    for entry in entries { rows.add(entry, in: header) }
    return rows.rows
  }
}

extension BarrierReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    for part in [union] + perData {
      let data = CSVRows.dataName(part.file, in: header)
      for point in part.points {
        let figures = [
          ("accuracy", point.accuracy), ("error", point.error), ("loss", point.loss),
          ("ensemble_accuracy", point.ensembleAccuracy),
        ]
        for (name, value) in figures { rows.add(name, value, data: data, alpha: point.alpha) }
      }
      rows.add("barrier_error", part.barrier.error, data: data, alpha: part.barrier.alpha)
      rows.add("barrier_loss", part.barrier.loss, data: data)
    }
    return rows.rows
  }
}

extension SoupReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    for part in [union] + perData {
      let data = CSVRows.dataName(part.file, in: header)
      for layer in part.layers { rows.add(layer.closeness, data: data, layer: layer.name) }
      if let soup = part.soup { rows.add(soup, data: data) }
      if let ensemble = part.ensemble { rows.add(ensemble, prefix: "ensemble_", data: data) }
      rows.add("agreement", part.agreement, data: data)
      rows.add("p_value", part.test?.pValue, data: data)
      for member in part.members {
        rows.pair = member.model
        rows.add("weight", member.weight, data: data)
        if let score = member.score { rows.add(score, data: data) }
        rows.add("one_minus_cos_without", member.oneMinusCosWithout, data: data)
        rows.add("accuracy_without", member.accuracyWithout, data: data)
      }
      rows.pair = CSVRows.pair(of: header)
    }
    return rows.rows
  }
}

extension DecompositionReport {
  /// The scale stands in the column of alpha.
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    let all = CSVRows.dataName(nil, in: header)
    for at in scales {
      for layer in at.layers {
        rows.add(layer.closeness, data: all, alpha: at.scale, layer: layer.name)
      }
      for (prefix, entries) in [("", at.scores), ("constructed_", at.constructedScores)] {
        for entry in entries {
          rows.add(
            entry, prefix: prefix, data: CSVRows.dataName(entry.data, in: header), alpha: at.scale)
        }
      }
      rows.add("agreement", at.agreement, data: all, alpha: at.scale)
      rows.add("disentanglement_error", at.disentanglementError, data: all, alpha: at.scale)
    }
    return rows.rows
  }
}

extension StitchReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    let all = CSVRows.dataName(nil, in: header)
    for (prefix, score) in [("a_", a), ("b_", b), ("merged_", merged)] {
      rows.add(score, prefix: prefix, data: all)
    }
    for cut in cuts {
      rows.add(cut.aIntoB, prefix: "a_into_b_", data: all, layer: cut.name)
      rows.add(
        cut.interpolatedIntoMerged, prefix: "interpolated_into_merged_", data: all,
        layer: cut.name)
    }
    return rows.rows
  }
}

extension MatrixReport {
  var csvRows: [CSVRow] {
    var rows = CSVRows(header)
    let all = CSVRows.dataName(nil, in: header)
    for (place, pair) in pairs.enumerated() {
      rows.pair = "\(pair.a) | \(pair.b)"
      let figures = [
        ("one_minus_cos", pair.oneMinusCos), ("coef", pair.coef), ("agreement", pair.agreement),
        ("accuracy", pair.accuracy), ("ensemble_accuracy", pair.ensembleAccuracy),
      ]
      for (name, value) in figures { rows.add(name, value, data: all, alpha: 0.5) }
      for layer in layers where layer.oneMinusCos.indices.contains(place) {
        rows.add(
          "one_minus_cos", layer.oneMinusCos[place], data: all, alpha: 0.5, layer: layer.name)
      }
    }
    return rows.rows
  }
}

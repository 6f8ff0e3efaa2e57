extension OutputComparisons {
  /// The accuracy, its interval and the mean loss of a construction; nil without labels and where the
  /// output isn't classes (see `meanLoss`).
  ///
  /// A sample whose logits aren't usable (NaN) is predicted wrongly.
  package func score(_ construction: Int, file: Int? = nil) -> Score? {
    guard let loss = meanLoss(construction, file: file), task.classCount != nil else { return nil }
    var (right, labelled) = (0, 0)
    for outputs in chosen(file) {
      for (label, predicted) in zip(outputs.labels, outputs.predicted[construction])
      where label >= 0 {
        labelled += 1
        if label == predicted { right += 1 }
      }
    }
    guard labelled > 0 else { return nil }
    let interval = WilsonInterval.interval(count: right, of: labelled)
    return Score(
      accuracy: Double(right) / Double(labelled),
      accuracyInterval: [interval.lowerBound, interval.upperBound], loss: loss)
  }

  /// The mean loss of a construction over the samples with targets: cross-entropy from the logits, or
  /// the mean squared error of a regression; nil without targets.
  package func meanLoss(_ construction: Int, file: Int? = nil) -> Double? {
    var (sum, count) = (CompensatedSum(), 0)
    var unusable: Double?
    for outputs in chosen(file) {
      for loss in outputs.losses[construction] {
        if loss.isFinite { sum.add(loss) } else { unusable = (unusable ?? 0) + loss }
        count += 1
      }
    }
    return count == 0 ? nil : unusable ?? sum.value / Double(count)
  }

  /// The share of samples for which two constructions tell the same class.
  ///
  /// Nil where there are no samples or the output isn't classes. An unusable output agrees with nothing.
  package func agreement(_ a: Int, _ b: Int, file: Int? = nil) -> Double? {
    let count = samples(file)
    guard task.classCount != nil, count > 0 else { return nil }
    let equal = chosen(file).reduce(0) { sum, outputs in
      sum + zip(outputs.predicted[a], outputs.predicted[b]).count { $0 == $1 && $0 >= 0 }
    }
    return Double(equal) / Double(count)
  }

  /// The share of samples for which a certificate holds.
  ///
  /// No logit of the measured construction deviates from the reference's by half the reference's
  /// margin or more, so both tell the same class: a lower
  /// bound on their agreement. Nil as for `agreement`.
  package func certified(_ certificate: Int, file: Int? = nil) -> Double? {
    let count = samples(file)
    guard task.classCount != nil, count > 0 else { return nil }
    return Double(chosen(file).reduce(0) { $0 + $1.certified[certificate] }) / Double(count)
  }

  /// How two constructions are right and wrong on the same labelled samples, for McNemar's test; nil
  /// without labels.
  package func pairedOutcomes(_ a: Int, _ b: Int, file: Int? = nil) -> PairedOutcomes? {
    var result = PairedOutcomes(samples: 0, onlyFirst: 0, onlySecond: 0)
    for outputs in chosen(file) {
      for (sample, label) in outputs.labels.enumerated() where label >= 0 {
        let first = outputs.predicted[a][sample] == label
        let second = outputs.predicted[b][sample] == label
        result.samples += 1
        if first && !second { result.onlyFirst += 1 }
        if second && !first { result.onlySecond += 1 }
      }
    }
    return result.samples > 0 ? result : nil
  }

  /// The disentanglement error xi of task vectors.
  ///
  /// As Ortiz-Jimenez, Favero and Frossard (2023) define it: the sum over tasks of the share of
  /// samples of the task's own data set whose class under the model of that task alone differs from
  /// that under the edited model.
  ///
  /// - Parameters:
  ///   - edited: The construction with all tasks.
  ///   - tasks: For each data file in order, the construction with its task alone.
  /// - Returns: The error, between 0 and the number of tasks; nil where a file has no samples.
  package func disentanglementError(edited: Int, tasks: [Int]) -> Double? {
    var sum = 0.0
    for (file, alone) in tasks.enumerated() {
      guard let agreement = agreement(edited, alone, file: file) else { return nil }
      sum += 1 - agreement
    }
    return tasks.isEmpty ? nil : sum
  }

  /// The samples of a file, or of all.
  package func samples(_ file: Int? = nil) -> Int { chosen(file).reduce(0) { $0 + $1.samples } }

  private func chosen(_ file: Int?) -> [FileOutputs] {
    file.map { $0 < files.count ? [files[$0]] : [] } ?? files
  }
}

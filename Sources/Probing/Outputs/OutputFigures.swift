extension OutputComparisons {
  /// The accuracy, its interval and the mean loss of a construction; nil without labels and where the
  /// output isn't classes (see `meanLoss`).
  ///
  /// A sample whose logits aren't usable (NaN) is predicted wrongly.
  package func score(_ construction: Int, file: Int? = nil) -> Score? {
    guard let loss = meanLoss(construction, file: file), task.classCount != nil else { return nil }
    guard let counts = counts(file), counts.labelled > 0 else { return nil }
    let (right, labelled) = (counts.right[construction], counts.labelled)
    let interval = WilsonInterval.interval(count: right, of: labelled)
    return Score(
      accuracy: Double(right) / Double(labelled),
      accuracyInterval: [interval.lowerBound, interval.upperBound], loss: loss)
  }

  /// The mean loss of a construction over the samples with targets: cross-entropy from the logits, or
  /// the mean squared error of a regression; nil without targets.
  package func meanLoss(_ construction: Int, file: Int? = nil) -> Double? {
    guard let counts = counts(file), counts.targeted > 0 else { return nil }
    return counts.losses[construction].value / Double(counts.targeted)
  }

  /// The share of samples for which two constructions tell the same class.
  ///
  /// They are one of the pairings. Nil where there are no samples or the output isn't classes. An unusable output agrees with nothing.
  package func agreement(_ a: Int, _ b: Int, file: Int? = nil) -> Double? {
    guard task.classCount != nil, let counts = counts(file), counts.samples > 0 else { return nil }
    return Double(counts.pairs[place(a, b)].agreeing) / Double(counts.samples)
  }

  /// The share of samples for which a certificate holds.
  ///
  /// No logit of the measured construction deviates from the reference's by half the reference's
  /// margin or more, so both tell the same class: a lower
  /// bound on their agreement. Nil as for `agreement`.
  package func certified(_ certificate: Int, file: Int? = nil) -> Double? {
    guard task.classCount != nil, let counts = counts(file), counts.samples > 0 else { return nil }
    return Double(counts.certified[certificate]) / Double(counts.samples)
  }

  /// How two constructions, one of the pairings, are right and wrong on the same labelled samples, for
  /// McNemar's test; nil without labels.
  package func pairedOutcomes(_ a: Int, _ b: Int, file: Int? = nil) -> PairedOutcomes? {
    guard let counts = counts(file), counts.labelled > 0 else { return nil }
    let pair = counts.pairs[place(a, b)]
    return PairedOutcomes(
      samples: counts.labelled, onlyFirst: pair.onlyFirst, onlySecond: pair.onlySecond)
  }

  /// The disentanglement error xi of task vectors.
  ///
  /// As Ortiz-Jimenez, Favero and Frossard (2023) define it: the sum over tasks of the share of
  /// samples of the task's own data set whose class under the model of that task alone differs from
  /// that under the edited model.
  ///
  /// - Parameters:
  ///   - edited: The construction with all tasks.
  ///   - tasks: For each data file in order, the construction with its task alone, paired with `edited`.
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
  package func samples(_ file: Int? = nil) -> Int { counts(file)?.samples ?? 0 }

  private func counts(_ file: Int?) -> OutputCounts? {
    guard let file else { return all }
    return file < files.count ? files[file] : nil
  }

  private func place(_ a: Int, _ b: Int) -> Int {
    guard let place = pairings.firstIndex(of: Pairing(a, b)) else {
      preconditionFailure("a comparison of constructions that wasn't asked for")
    }
    return place
  }
}

public import Reporting

/// Accuracy and loss of models.
public struct EvaluationReport: Codable, Hashable, Sendable {
  /// One model on one data set file, or on the union.
  public struct Entry: Codable, Hashable, Sendable {
    /// The model's file.
    public var model: String
    /// The data set file; nil for the union.
    public var data: String?
    /// The samples.
    public var samples: Int
    /// The score of a classifier; nil where the output isn't classes.
    public var score: Score?
    /// The mean loss: cross-entropy from the logits, or the mean squared error of a regression.
    public var loss: Double
  }

  /// What was measured, on what.
  public var header: Header
  /// For each model: the union, then each file where there are several.
  public var entries: [Entry]
}

/// Linear mode connectivity: error and loss on the line between two models.
public struct BarrierReport: Codable, Hashable, Sendable {
  /// A point of the line.
  public struct Point: Codable, Hashable, Sendable {
    /// What multiplies the first model.
    public var alpha: Double
    /// The share of samples whose label the merged model tells.
    public var accuracy: Double
    /// 1 - accuracy.
    public var error: Double
    /// The mean cross-entropy of the merged model.
    public var loss: Double
    /// Of the interpolated logits.
    public var ensembleAccuracy: Double
  }

  /// How far the line rises above the straight line between its ends.
  public struct Barrier: Codable, Hashable, Sendable {
    /// max over alpha of error(alpha) - (alpha error(1) + (1 - alpha) error(0)); not below 0.
    public var error: Double
    /// The same of the loss.
    public var loss: Double
    /// Where the error's is greatest.
    public var alpha: Double
  }

  /// LLFC at the output and errors of at most epsilon at the ends give an error of at most 2 epsilon.
  public struct Lemma: Codable, Hashable, Sendable {
    /// The greater error of the ends.
    public var epsilon: Double
    /// The greatest error on the line.
    public var worstError: Double
    /// The greatest error of the interpolated logits: the lemma's bound holds for it always.
    public var worstEnsembleError: Double
    /// Whether `worstError <= 2 epsilon`.
    public var holds: Bool
  }

  /// The figures of one data set file, or of the union.
  public struct Part: Codable, Hashable, Sendable {
    /// The data set file; nil for the union.
    public var file: String?
    /// The line from the second model (alpha 0) to the first (alpha 1).
    public var points: [Point]
    /// How far the line rises above its ends.
    public var barrier: Barrier
    /// Whether the bound on the error holds.
    public var lemma: Lemma
  }

  /// What was measured, on what.
  public var header: Header
  /// All samples.
  public var union: Part
  /// Each data set file, where there are several.
  public var perData: [Part]
  /// The answer.
  public var verdict: Verdict
}

/// One layer of a comparison of features of two constructions.
public struct LayerCloseness: Codable, Hashable, Sendable {
  /// The Keras layer's name.
  public var name: String
  /// The Keras layer's class.
  public var kind: String
  /// The shape of its output without the batch axis.
  public var shape: [Int]
  /// Where the feature is taken: `output`, or `logits` for the values before a final softmax.
  public var position: String
  /// How the features of the two constructions agree.
  public var closeness: Closeness
  /// The grade of the agreement.
  public var grade: Grade
}

/// Averaging the weights of k models against averaging their logits.
public struct SoupReport: Codable, Hashable, Sendable {
  /// What one member does.
  public struct Member: Codable, Hashable, Sendable {
    /// The model's file.
    public var model: String
    /// What multiplies its weights in the soup.
    public var weight: Double
    /// Its own score; nil without labels.
    public var score: Score?
    /// 1 - cos at the logits of the soup without it, weights renormalised, against the ensemble without it.
    ///
    /// The member whose absence lowers it most spoils the soup. Nil with two members.
    public var oneMinusCosWithout: Double?
    /// The accuracy of the soup without it.
    public var accuracyWithout: Double?
  }

  /// The paired comparison of averaging and ensemble (McNemar's exact test).
  public struct PairedTest: Codable, Hashable, Sendable {
    /// Samples that only the soup gets right.
    public var onlySoup: Int
    /// Samples that only the ensemble gets right.
    public var onlyEnsemble: Int
    /// Two-sided exact p-value that the two are equally good.
    public var pValue: Double
  }

  /// The figures of one data set file, or of the union.
  public struct Part: Codable, Hashable, Sendable {
    /// The data set file; nil for the union.
    public var file: String?
    /// The layers in the network's order.
    public var layers: [LayerCloseness]
    /// The averaged weights; nil without labels.
    public var soup: Score?
    /// The averaged logits; nil without labels.
    public var ensemble: Score?
    /// The share of samples for which both tell the same class; nil where the output isn't classes.
    public var agreement: Double?
    /// Whether soup and ensemble are equally good; nil without labels.
    public var test: PairedTest?
    /// The models in the order given.
    public var members: [Member]
    /// The answer.
    public var verdict: Verdict
  }

  /// What was measured, on what.
  public var header: Header
  /// All samples.
  public var union: Part
  /// Each data set file, where there are several.
  public var perData: [Part]
}

/// The feature decompositions of task arithmetic, addition or negation, over a sweep of scales.
public struct DecompositionReport: Codable, Hashable, Sendable {
  /// One scale.
  public struct AtScale: Codable, Hashable, Sendable {
    /// What multiplies the task vectors.
    public var scale: Double
    /// The edited model's features against the construction from the others' features.
    public var layers: [LayerCloseness]
    /// The edited model on each data set file, then on the union where there are several.
    public var scores: [EvaluationReport.Entry]
    /// The construction's logits, likewise.
    public var constructedScores: [EvaluationReport.Entry]
    /// The share of samples for which both tell the same class, over all data.
    public var agreement: Double?
    /// The disentanglement error xi: for task t on its own data set, the share of samples whose class under
    /// base + scale tau_t differs from that under the edited model; nil unless there is a data file for each task.
    public var disentanglementError: Double?
  }

  /// What was measured, on what.
  public var header: Header
  /// The formula in words: left side ~ right side.
  public var formula: String
  /// The sweep.
  public var scales: [AtScale]
  /// The verdict at the scale whose grade is worst, the first of them.
  public var verdict: Verdict
}

/// Accuracy when the features of one model go on through the tail of another.
public struct StitchReport: Codable, Hashable, Sendable {
  /// A cut behind one layer.
  public struct Cut: Codable, Hashable, Sendable {
    /// The Keras layer's name.
    public var name: String
    /// The Keras layer's class.
    public var kind: String
    /// The shape of its output without the batch axis.
    public var shape: [Int]
    /// A's features through B's tail.
    public var aIntoB: Score
    /// Interpolated features (alpha 1/2) through the merged model's tail.
    public var interpolatedIntoMerged: Score
  }

  /// What was measured, on what.
  public var header: Header
  /// The first model.
  public var a: Score
  /// The second model.
  public var b: Score
  /// The half-way model.
  public var merged: Score
  /// The cuts in the network's order.
  public var cuts: [Cut]
  /// The first cut from which interpolated features restore the accuracy of the ensemble; nil where none does.
  public var restoredFrom: String?
  /// The answer.
  public var verdict: Verdict
}

/// All pairs of models: who can be merged with whom.
public struct MatrixReport: Codable, Hashable, Sendable {
  /// A pair.
  public struct Pair: Codable, Hashable, Sendable {
    /// The first model.
    public var a: String
    /// The second model.
    public var b: String
    /// Mean 1 - cos of the half-way model against the half-way logits.
    public var oneMinusCos: Double
    /// Mean coefficient.
    public var coef: Double
    /// The share of samples for which both tell the same class; nil where the output isn't classes.
    public var agreement: Double?
    /// The share of samples whose label the merged model tells.
    public var accuracy: Double?
    /// Of the interpolated logits; nil without labels.
    public var ensembleAccuracy: Double?
    /// The grade of the agreement.
    public var grade: Grade
  }

  /// The worst case of the conjecture of transitivity: d(i, k) - max(d(i, j), d(j, k)).
  public struct Transitivity: Codable, Hashable, Sendable {
    /// The first model.
    public var i: String
    /// The model between.
    public var j: String
    /// The last model.
    public var k: String
    /// d(i, k) - max(d(i, j), d(j, k)).
    public var excess: Double
    /// Whether (i, j) and (j, k) are linear while (i, k) isn't.
    public var isViolated: Bool
  }

  /// A layer's distances, in the order of `pairs`.
  public struct Layer: Codable, Hashable, Sendable {
    /// The Keras layer's name.
    public var name: String
    /// The Keras layer's class.
    public var kind: String
    /// The mean 1 - cos for each pair; nil where it is unknown.
    public var oneMinusCos: [Double?]
  }

  /// What was measured, on what.
  public var header: Header
  /// The models in the order given.
  public var names: [String]
  /// All pairs, the first model before the second in `names`.
  public var pairs: [Pair]
  /// The layers in the network's order.
  public var layers: [Layer]
  /// The triples, worst first.
  public var transitivity: [Transitivity]
  /// Groups in which every pair that holds them together is linear (single linkage).
  public var groups: [[String]]
  /// The answer.
  public var verdict: Verdict
}

public import Reporting

/// Layer by layer, whether the features of merged models are the interpolation of their sources'
/// (Cross-Task Linearity), with alpha multiplying the first model.
public struct LinearityReport: Codable, Hashable, Sendable {
  /// One alpha at one layer.
  public struct AtAlpha: Codable, Hashable, Sendable {
    /// What multiplies the first model.
    public var alpha: Double
    /// The merged model's features against the interpolated ones.
    public var closeness: Closeness
    /// The merged model's features against the first model's.
    public var toA: Closeness
    /// The merged model's features against the second model's.
    public var toB: Closeness
  }

  /// What one layer adds: the merged model's layer is fed with the interpolated features.
  public struct Local: Codable, Hashable, Sendable {
    /// What multiplies the first model.
    public var alpha: Double
    /// The layer's output against the interpolation of the sources' outputs.
    public var closeness: Closeness
    /// The mean relative error of the part before the fused activation, `-alpha (1-alpha) (W_A - W_B) (H_A - H_B)`
    /// for a layer that is linear in its weights; nil where the layer has no weights.
    public var commutativity: Double?
    /// The mean relative error of the activation fed with interpolated values; nil where the layer has none.
    public var activation: Double?
    /// The grade of the local error.
    public var grade: Grade
  }

  /// The theorem on the emergence of CTL: the deviation against its second-order term.
  public struct SecondOrder: Codable, Hashable, Sendable {
    /// What multiplies the first model.
    public var alpha: Double
    /// The mean over samples of |f_alpha - f_int| / |f_int|, the deviation that was measured.
    public var measured: Double
    /// The same of `-1/2 alpha (1-alpha) d^2 f / d Delta^2`, from central differences along theta_A - theta_B.
    public var predicted: Double
    /// The mean cosine between the two.
    public var cosine: Double
  }

  /// The weights of one layer.
  public struct Weights: Codable, Hashable, Sendable {
    /// The number of parameters.
    public var parameters: Int
    /// |theta_A - theta_B|.
    public var distance: Double
    /// |theta_A - theta_B| / sqrt(|theta_A| |theta_B|).
    public var relativeDistance: Double
    /// The cosine of theta_A and theta_B.
    public var cosine: Double?
    /// The cosine of theta_A - base and theta_B - base, where there is a base.
    public var taskVectorCosine: Double?
  }

  /// One layer.
  public struct Layer: Codable, Hashable, Sendable {
    /// The Keras layer's name.
    public var name: String
    /// The Keras layer's class.
    public var kind: String
    /// The shape of its output without the batch axis.
    public var shape: [Int]
    /// Where the feature is taken: `output`, or `logits` for the values before a fused softmax.
    public var position: String
    /// The first model's features against the second's.
    public var baseline: Closeness
    /// For each alpha.
    public var alphas: [AtAlpha]
    /// For each alpha; empty where the layer only moves values.
    public var local: [Local]
    /// For each alpha, where it was asked for.
    public var secondOrder: [SecondOrder]?
    /// The weights; nil for a layer without.
    public var weights: Weights?
    /// For a merged file: the alpha of this layer by least squares, and what it leaves unexplained.
    public var fit: Fit?
    /// The grade of the (inherited and local) error at the worst alpha.
    public var grade: Grade
  }

  /// The least-squares fit of a merged model's features by `alpha f_A + (1 - alpha) f_B`.
  public struct Fit: Codable, Hashable, Sendable {
    /// The alpha.
    public var alpha: Double
    /// |f_merged - fit| / |f_merged| over all samples.
    public var residual: Double
  }

  /// One alpha at the model's output.
  public struct Output: Codable, Hashable, Sendable {
    /// What multiplies the first model.
    public var alpha: Double
    /// Of the merged model; nil without labels.
    public var accuracy: Double?
    /// Of the merged model; nil without labels.
    public var loss: Double?
    /// Of the interpolated logits: what the merge promises without being made; nil without labels.
    public var ensembleAccuracy: Double?
    /// Of the interpolated logits; nil without labels.
    public var ensembleLoss: Double?
    /// The share of samples for which both tell the same class; nil where the output isn't classes.
    public var agreement: Double?
    /// Samples whose class is certain to agree: the deviation of every logit is below half the margin.
    public var certified: Double?
  }

  /// The sources' own accuracies; nil without labels.
  public struct Accuracies: Codable, Hashable, Sendable {
    /// Of the first model.
    public var a: Double
    /// Of the second model.
    public var b: Double
  }

  /// The figures of one data set file, or of the union.
  public struct Part: Codable, Hashable, Sendable {
    /// The data set file; nil for the union.
    public var file: String?
    /// The layers in the network's order.
    public var layers: [Layer]
    /// The model's output for each alpha.
    public var output: [Output]
    /// The sources' accuracies.
    public var accuracy: Accuracies?
    /// The answer.
    public var verdict: Verdict
  }

  /// What was measured, on what.
  public var header: Header
  /// The alphas, ascending.
  public var alphas: [Double]
  /// A file that was probed as the merge, where one was given: then `alphas` holds its alpha.
  public var merged: String?
  /// All samples.
  public var union: Part
  /// Each data set file, where there are several.
  public var perData: [Part]
}

package import Checkpoints

/// What is to be measured, on what: a command line as a value.
///
/// It touches no file.
package struct ProbeRequest: Hashable, Sendable {
  /// A verb with what only it takes.
  package enum Measurement: Hashable, Sendable {
    /// Features of merged models against interpolated ones, layer by layer; two models.
    case linearity(Linearity)
    /// Accuracy and loss of each model.
    case evaluate
    /// Each layer's output, written to a file; one model.
    case features(output: StagedFile.Destination)
    /// Error and loss along the line between two models, at these alphas: 0, 1/2 and 1 among them.
    case barrier(alphas: [Double])
    /// Averaging against the ensemble; a weight for each model, with sum 1.
    case soup(weights: [Double])
    /// base + s (tau_1 + tau_2) against half of base + 2 s tau_1 and of base + 2 s tau_2, for each
    /// scale s; two tuned models and a base.
    case addition(scales: [Double])
    /// base - s tau against 2 base - (base + s tau), for each scale s; a tuned model and a base.
    case negation(scales: [Double])
    /// The first model's features through the second's remaining layers.
    case stitch
    /// All pairs of three or more models.
    case matrix

    /// The verb on the command line.
    package var verb: String {
      switch self {
      case .linearity: "linearity"
      case .evaluate: "evaluate"
      case .features: "features"
      case .barrier: "barrier"
      case .soup: "soup"
      case .addition: "addition"
      case .negation: "negation"
      case .stitch: "stitch"
      case .matrix: "matrix"
      }
    }
  }

  /// What `linearity` takes.
  package struct Linearity: Hashable, Sendable {
    /// What the first model is multiplied with, ascending and different.
    package var alphas: [Double]
    /// A file to be probed as the merge; nil for merges made in memory.
    package var merged: Merged?
    /// Whether the deviation is compared with its second-order term, from the curvature along the
    /// line between the models.
    package var measuresCurvature: Bool

    /// What `linearity` takes.
    package init(alphas: [Double], merged: Merged? = nil, measuresCurvature: Bool = false) {
      self.alphas = alphas
      self.merged = merged
      self.measuresCurvature = measuresCurvature
    }
  }

  /// A merge that was made by anything.
  package struct Merged: Hashable, Sendable {
    /// Its file.
    package var file: String
    /// Its alpha; nil to fit one for each layer.
    package var alpha: Double?

    /// A merge.
    package init(file: String, alpha: Double? = nil) {
      self.file = file
      self.alpha = alpha
    }
  }

  /// What every verb takes.
  package struct Settings: Hashable, Sendable {
    /// The name of the samples in data set files; nil to look for one.
    package var xKey: String?
    /// The name of the labels; `none` to leave them out, nil to look for one.
    package var yKey: String?
    /// The data set file on which BatchNorm's statistics are measured.
    package var calibration: String?
    /// What is done about BatchNorm's statistics.
    package var batchNorm = BatchNormPolicy.interpolate
    /// The layers to report, by their names; empty for all.
    package var layers: [Glob] = []
    /// The samples that go through the networks at once; nil for a size that suits them.
    package var batchSize: Int?
    /// The samples of each file to use, its first ones; nil for all.
    package var limit: Int?
    /// The threads to use.
    package var threads: Int
    /// A configuration as `model.to_json()` gives it, for files without one.
    package var architecture: String?

    /// Settings with everything but the threads at its default.
    package init(threads: Int) {
      self.threads = threads
    }

    /// Whether a layer is to be reported.
    package func reports(layer: String) -> Bool {
      layers.isEmpty || layers.contains { $0.matches(TensorName(layer)) }
    }
  }

  /// The verb with what only it takes.
  package var measurement: Measurement
  /// The checkpoints' files, in the order in which they were named.
  package var models: [String]
  /// The pretrained model's file; always there for addition and negation, and for `linearity` where
  /// the cosines of task vectors are asked for.
  package var base: String?
  /// The data set files; at least one.
  package var data: [String]
  /// What every verb takes.
  package var settings: Settings

  /// A request.
  package init(
    _ measurement: Measurement, models: [String], base: String? = nil, data: [String],
    settings: Settings
  ) {
    self.measurement = measurement
    self.models = models
    self.base = base
    self.data = data
    self.settings = settings
  }

  /// Every file that is read, each argument once, in the order models, base, merged, data,
  /// calibration.
  package var inputs: [String] {
    var merged: String?
    if case .linearity(let linearity) = measurement { merged = linearity.merged?.file }
    return models + [base, merged].compactMap(\.self) + data
      + [settings.calibration].compactMap(\.self)
  }
}

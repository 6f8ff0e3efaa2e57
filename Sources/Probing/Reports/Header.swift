public import Reporting

/// What every report begins with: what was measured, on what.
public struct Header: Codable, Hashable, Sendable {
  /// A checkpoint that took part.
  public struct Model: Codable, Hashable, Sendable {
    /// The file as the user named it.
    public var file: String
    /// SHA-256 of the file.
    public var sha256: String
    /// What it is in this run: `a`, `b`, `merged`, `base`, `task 1`, `source 3`.
    public var part: String

    /// A model.
    public init(file: String, sha256: String, part: String) {
      self.file = file
      self.sha256 = sha256
      self.part = part
    }
  }

  /// A data set file that took part.
  public struct Data: Codable, Hashable, Sendable {
    /// The file as the user named it.
    public var file: String
    /// How many of its samples were used.
    public var samples: Int
    /// SHA-256 of the file.
    public var sha256: String
    /// Whether it has labels.
    public var hasLabels: Bool

    /// A data set file.
    public init(file: String, samples: Int, sha256: String, hasLabels: Bool) {
      self.file = file
      self.samples = samples
      self.sha256 = sha256
      self.hasLabels = hasLabels
    }
  }

  /// The version of the schema, `ctl-probe/1`.
  public var schema = "ctl-probe/1"
  /// The verb.
  public var verb: String
  /// The network's name in its configuration.
  public var network: String
  /// The checkpoints.
  public var models: [Model]
  /// The data set files.
  public var data: [Data]
  /// What was done about BatchNorm's statistics: `interpolate`, `reset` or `clamp`.
  public var bn: String
  /// The calibration file, where statistics were reset.
  public var calibration: String?
  /// What a person should know: excluded samples, names that were guessed, clamped variances.
  public var warnings: [String]

  /// A header.
  public init(
    verb: String, network: String, models: [Model], data: [Data], bn: String,
    calibration: String? = nil, warnings: [String] = []
  ) {
    self.verb = verb
    self.network = network
    self.models = models
    self.data = data
    self.bn = bn
    self.calibration = calibration
    self.warnings = warnings
  }
}

/// What a model says about labelled data.
public struct Score: Codable, Hashable, Sendable {
  /// The share of samples whose label it tells.
  public var accuracy: Double
  /// Wilson's 95 % interval of the accuracy.
  public var accuracyInterval: [Double]
  /// The mean loss: cross-entropy from the logits.
  public var loss: Double

  /// A score.
  public init(accuracy: Double, accuracyInterval: [Double], loss: Double) {
    self.accuracy = accuracy
    self.accuracyInterval = accuracyInterval
    self.loss = loss
  }
}

/// The answer, why, and what to do.
public struct Verdict: Codable, Hashable, Sendable {
  /// The answer in one word.
  public var model: Grade
  /// Why, in words with figures.
  public var reason: String
  /// The value of the parameter (alpha or scale) at which it was worst.
  public var alpha: Double?
  /// The layers that break it, by their local error, worst first.
  public var culprits: [String]
  /// What to do, a sentence each.
  public var advice: [String]

  /// A verdict.
  public init(
    model: Grade, reason: String, alpha: Double? = nil, culprits: [String] = [],
    advice: [String] = []
  ) {
    self.model = model
    self.reason = reason
    self.alpha = alpha
    self.culprits = culprits
    self.advice = advice
  }
}

import ArgumentParser
import Checkpoints
import Probing
import Terminal

/// What every verb takes.
struct ProbeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A data set file: x, and y if there are labels (repeatable; each file and their union are "
        + "reported).", valueName: "file"))
  var data: [String]

  @Option(
    help: ArgumentHelp("The name of the samples (default: x, or a usual name).", valueName: "name"))
  var xKey: String?

  @Option(
    help: ArgumentHelp(
      "The name of the labels (default: y, or a usual name; none: use no labels).",
      valueName: "name"))
  var yKey: String?

  @Option(
    help: ArgumentHelp(
      "BatchNorm's statistics in merged models: interpolate, reset (measure them on the "
        + "calibration file) or clamp (negative variances become 0).", valueName: "policy"))
  var bn = BatchNormPolicy.interpolate

  @Option(
    help: ArgumentHelp("The data set file for --bn reset.", valueName: "file"))
  var calibrate: String?

  @Option(
    help: ArgumentHelp(
      "Report only layers whose name the pattern covers (repeatable).", valueName: "glob"))
  var layers: [String] = []

  @Option(
    help: ArgumentHelp("Samples that go through the networks at once.", valueName: "n"))
  var batchSize: Int?

  @Option(help: ArgumentHelp("Use only the first n samples of each file.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "The model's configuration, as model.to_json() gives it, for files that hold weights alone.",
      valueName: "file"))
  var architecture: String?

  func validate() throws {
    for (name, value) in [("--batch-size", batchSize), ("--limit", limit)] {
      guard let value, value < 1 else { continue }
      throw ValidationError("\(name): is \(value); give a number of samples from 1")
    }
    if bn == .reset, calibrate == nil {
      throw ValidationError(
        "--bn reset: needs samples to measure the statistics on; give --calibrate FILE")
    }
    if bn != .reset, calibrate != nil {
      throw ValidationError("--calibrate: is used by --bn reset only; give both")
    }
  }

  /// The settings of a request.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage` where a pattern makes no sense.
  func settings(threads: Int) throws(CheckpointError) -> ProbeRequest.Settings {
    var settings = ProbeRequest.Settings(threads: threads)
    settings.xKey = xKey
    settings.yKey = yKey
    settings.calibration = calibrate
    settings.batchNorm = bn
    settings.layers = try globs(layers, of: "--layers")
    settings.batchSize = batchSize
    settings.limit = limit
    settings.architecture = architecture
    return settings
  }
}

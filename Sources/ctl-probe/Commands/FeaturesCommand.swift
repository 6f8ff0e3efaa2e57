import ArgumentParser
import Checkpoints
import Probing

/// The verb `features`.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Write each layer's output to a file.",
    discussion: """
      A data set for each layer, named by it, of shape (N, ...) as Keras would return it, float32. \
      The file's name decides the format: .npz for NumPy, else HDF5.

      EXAMPLES
        ctl-probe features model.h5 --data test.h5 -o features.h5
        ctl-probe features model.h5 --data test.h5 --layers 'dense*' -o dense.npz
      """)

  @Argument(help: "The model.")
  var model: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write; '-' for standard output (HDF5).", valueName: "file"))
  var output: String

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws {
    try refuseFailOn(reports, verb: "features")
    if let name = [("--csv", reports.csv), ("--html", reports.html)].first(where: { $1 != nil })?.0
    {
      throw ValidationError("\(name): features writes its values to -o only; leave it out")
    }
  }

  func run() throws {
    try ProbeRun(options, reports).perform(
      .features(output: StagedFile.Destination(argument: output)), models: [model])
  }
}

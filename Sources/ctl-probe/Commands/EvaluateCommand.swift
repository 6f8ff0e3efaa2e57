import ArgumentParser
import Probing

/// The verb `evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Accuracy and loss of models.",
    discussion: """
      Needs labels. Several models run side by side over one reading of the data.

      EXAMPLES
        ctl-probe evaluate model.h5 --data test.h5
        ctl-probe evaluate a.h5 b.h5 mean.h5 --data task-a.h5 --data task-b.h5 --json
      """)

  @Argument(help: ArgumentHelp("The models.", valueName: "model"))
  var models: [String]

  @OptionGroup
  var options: ProbeOptions

  @OptionGroup
  var reports: ReportOptions

  func validate() throws { try refuseFailOn(reports, verb: "evaluate") }

  func run() throws {
    try ProbeRun(options, reports).perform(.evaluate, models: models)
  }
}

/// Some verbs measure and judge nothing; a script that relies on their exit code would be misled.
func refuseFailOn(_ reports: ReportOptions, verb: String) throws {
  if reports.failOn != nil {
    throw ValidationError("--fail-on: \(verb) gives no verdict; leave it out")
  }
}

import ArgumentParser
import Checkpoints
import FormatRegistry
import Terminal

/// `ctl-probe`: parse, call, print.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl-probe",
    abstract: "Measure whether merging neural networks works, and where it breaks.",
    discussion: """
      Runs the networks of checkpoints on a data set and compares the features of merged models with \
      the interpolated features of their sources (Cross-Task Linearity), layer by layer. Where alpha \
      appears it multiplies the FIRST model: alpha*A + (1-alpha)*B.

      A data set is an HDF5 file with x (N, ...) and, if there are labels, y: class numbers or \
      one-hot rows. Without a verb, linearity is measured.

      EXAMPLES
        ctl-probe a.h5 b.h5 --data test.h5
        ctl-probe linearity a.h5 b.h5 --data test.h5 --merged merge.h5
        ctl-probe evaluate merge.h5 --data test.h5
        ctl-probe matrix a.h5 b.h5 c.h5 --data test.h5 --html matrix.html

      EXIT CODES
        0    done
        1    the measured answer is no (--fail-on)
        2    a file is unreadable, damaged, incompatible or not supported
        3    values aren't finite, or a variance became negative
        64   the command line is wrong
        74   the output could not be written
        130  interrupted; nothing was left behind

      Shell completions: ctl-probe --generate-completion-script bash|zsh|fish
      """,
    version: programVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Judge a merge",
        subcommands: [
          LinearityCommand.self, SoupCommand.self, AdditionCommand.self, NegationCommand.self,
          MatrixCommand.self,
        ]),
      CommandGroup(
        name: "Look closer",
        subcommands: [
          EvaluateCommand.self, BarrierCommand.self, StitchCommand.self, FeaturesCommand.self,
        ]),
    ],
    defaultSubcommand: LinearityCommand.self)

  /// Serves as a survey worker where this process was started as one; else runs the command.
  static func main() {
    CheckpointFormats.serveIfAsked()
    Interruption.handleSignals()
    makeFailedWritesErrors()
    main(nil)
  }
}

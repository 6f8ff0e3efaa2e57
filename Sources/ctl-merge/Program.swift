import ArgumentParser
import Checkpoints
import FormatRegistry
import Terminal

/// `ctl-merge`: parse, call, print.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl-merge",
    abstract: "Merge neural-network checkpoints.",
    discussion: """
      Averages, interpolates and edits checkpoints of one architecture, tensor by tensor, in \
      constant memory. Reads and writes Keras .h5, .weights.h5 and .keras, any other HDF5 file, \
      safetensors and NumPy's .npz, in any mixture.

      The first source, or the base where there is one, is the template: everything that isn't \
      merged comes from it. '-' stands for standard input or output.

      EXAMPLES
        ctl-merge soup a.h5 b.h5 c.h5 -o mean.h5
        ctl-merge interpolate a.h5 b.h5 --alpha 0.3 -o third.h5
        ctl-merge task-vector tuned.h5 --base pretrained.h5 -o - \\
          | ctl-merge negate --base pretrained.h5 - --scale 0.5 -o forgot.h5
        ctl-merge inspect mean.h5

      EXIT CODES
        0    done, equal, sound
        1    the measured answer is no (diff found differences)
        2    a file is unreadable, damaged, incompatible or not supported
        3    values aren't finite, or a variance became negative
        64   the command line is wrong
        74   the output could not be written
        130  interrupted; nothing was left behind

      Shell completions: ctl-merge --generate-completion-script bash|zsh|fish
      """,
    version: programVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Merge",
        subcommands: [
          SoupCommand.self, InterpolateCommand.self, TaskVectorCommand.self, AddCommand.self,
          NegateCommand.self,
        ]),
      CommandGroup(
        name: "Merge by angles and distances",
        subcommands: [
          SlerpCommand.self, NuSlerpCommand.self, MultiSlerpCommand.self, KarcherCommand.self,
          ModelStockCommand.self, GeometricMedianCommand.self,
        ]),
      CommandGroup(
        name: "Merge element by element",
        subcommands: [
          NearSwapCommand.self, ArceeFusionCommand.self, RAMCommand.self, RAMPlusTLCommand.self,
        ]),
      CommandGroup(
        name: "Merge by statistics of the data",
        subcommands: [FisherCommand.self, RegressionMeanCommand.self]),
      CommandGroup(
        name: "Merge task vectors by consensus",
        subcommands: [
          TiesCommand.self, DareLinearCommand.self, DareTiesCommand.self,
          DellaLinearCommand.self, DellaTiesCommand.self, BreadcrumbsCommand.self,
          BreadcrumbsTiesCommand.self, SCECommand.self,
        ]),
      CommandGroup(
        name: "Merge a series or one model",
        subcommands: [MovingAverageCommand.self, PassthroughCommand.self]),
      CommandGroup(
        name: "Recipes",
        subcommands: [RunCommand.self, RecipeCommand.self, ReproduceCommand.self]),
      CommandGroup(
        name: "Change", subcommands: [ConvertCommand.self, LoRACommand.self]),
      CommandGroup(
        name: "Look",
        subcommands: [
          InspectCommand.self, StatsCommand.self, DiffCommand.self, VerifyCommand.self,
        ]),
    ])

  /// Serves as a survey worker where this process was started as one; else runs the command.
  static func main() {
    CheckpointFormats.serveIfAsked()
    Interruption.handleSignals()
    makeFailedWritesErrors()
    main(nil)
  }
}

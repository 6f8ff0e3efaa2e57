import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The verb `run`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Carry out a recipe: mergekit's YAML, and more.",
    discussion: """
      Reads the recipes of mergekit for safetensors folders and Keras files alike, and our additions: \
      sources by name, merges of merges, rules for some tensors, several outputs. --dry-run shows \
      what becomes of each tensor. The output tells its recipe; see recipe and reproduce.

      EXAMPLES
        ctl-merge run samples/recipes/ties.yaml -o both.h5
        ctl-merge run recipe.yaml -o merged-model --dry-run
      """)

  @Argument(help: ArgumentHelp("The recipe; '-' for standard input.", valueName: "recipe"))
  var recipe: String

  @OptionGroup var options: MergeOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      try options.refuseWhatRecipesSay()
      let file = try InputFile.open(recipe)
      try RecipeRun(
        path: recipe, text: try recipeText(of: file), options: options, locate: { $0 }
      ).perform()
      return Outcome.yes
    }
  }

  private func recipeText(of file: InputFile) throws(CheckpointError) -> [UInt8] {
    let largest = 16 << 20
    guard file.size <= largest, let extent = Extent(offset: 0, length: file.size) else {
      throw .unusable(file.name, "is too large for a recipe", remedy: "name a YAML file")
    }
    return try file.bytes(extent)
  }
}

/// The verb `recipe`.
struct RecipeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipe",
    abstract: "Print the recipe by which a file was made.",
    discussion: """
      EXAMPLES
        ctl-merge recipe both.h5 > again.yaml
      """)

  @Argument(help: ArgumentHelp("The output of run.", valueName: "file"))
  var file: String

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let made = try RecordedRecipe(of: CheckpointFormats.open(file))
      print(made.text, terminator: made.text.hasSuffix("\n") ? "" : "\n")
      return Outcome.yes
    }
  }
}

/// The verb `reproduce`.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Carry out a file's recipe again and compare.",
    discussion: """
      Checks the digests of the sources, merges them again beside the file, and compares all bytes. \
      Exit code 0: the same; 1: different; 2: a source is missing or isn't the one that was used.

      EXAMPLES
        ctl-merge reproduce both.h5
        ctl-merge reproduce both.h5 --sources models
      """)

  @Argument(help: ArgumentHelp("The output of run.", valueName: "file"))
  var file: String

  @Option(
    help: ArgumentHelp("A folder where sources are looked for first.", valueName: "folder"))
  var sources: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let isSame = try Reproduction(file: file, folder: sources, threads: common.threads).run()
      if common.json {
        print(jsonText(["same": isSame]))
      } else if !common.quiet {
        note(
          "\(file): \(isSame ? "its recipe gives the same bytes" : "its recipe gives other bytes")")
      }
      return isSame ? Outcome.yes : Outcome.no
    }
  }
}

import ArgumentParser

/// The verbs `lora extract` and `lora apply`.
struct LoRACommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lora",
    abstract: "Take a fine-tuning as an adapter of low rank, or put one on a base.",
    subcommands: [LoRAExtractCommand.self, LoRAApplyCommand.self])
}

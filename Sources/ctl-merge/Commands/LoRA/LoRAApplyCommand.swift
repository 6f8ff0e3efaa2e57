import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The verb `lora apply`.
struct LoRAApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "A base with an adapter of low rank: PT + s (alpha/r) B A.",
    discussion: """
      Takes what lora extract writes, and adapters that PEFT saved as safetensors. Sums are in \
      Float64 and rounded once; memory is that of the factors, not of the base.

      EXAMPLES
        ctl-merge lora apply tuned-lora.safetensors --base pt.h5 -o tuned.h5
        ctl-merge lora apply adapter --base pt/model.safetensors --scale 0.5 -o half.safetensors
      """)

  @Argument(help: "The adapter: a .safetensors file, or a folder as PEFT writes it.")
  var adapter: String

  @Option(help: ArgumentHelp("The model that it is for; the template.", valueName: "pt"))
  var base: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("By how much the change is multiplied.", valueName: "s"))
  var scale = 1.0

  @OptionGroup
  var options: MergeOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let loaded = try load()
      let update = try LowRankUpdate(loaded, scale: scale)
      return try MergeRun(options).outcome(sources: [base]) { (_) throws(CheckpointError) in update
      }
    }
  }

  private func load() throws(CheckpointError) -> LoRAAdapter {
    if base == "-" {
      throw CheckpointError(
        .usage, subject: "--base", fact: "is read twice, and standard input can't be",
        remedy: "name a file")
    }
    let pretrained = try CheckpointFormats.open(base)
    guard FolderListing.names(in: adapter) != nil else {
      return try LoRAAdapter(
        try CheckpointFormats.open(adapter), configuration: nil, base: pretrained)
    }
    let path = "\(adapter)/\(AdapterConfiguration.fileName)"
    let file = try InputFile.open(path)
    guard file.size <= 16 << 20, let whole = Extent(offset: 0, length: file.size) else {
      throw .unusable(path, "is too large for a configuration")
    }
    let configuration = try AdapterConfiguration(parsing: try file.bytes(whole), file: path)
    return try LoRAAdapter(
      try CheckpointFormats.open("\(adapter)/\(AdapterConfiguration.tensorsName)"),
      configuration: configuration, base: pretrained)
  }
}

import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Safetensors
import Terminal

/// The verb `lora extract`.
struct LoRAExtractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "What a fine-tuning changed, as an adapter of low rank.",
    discussion: """
      Every matrix of TUNED - PT is replaced by the closest one of its rank (a singular value \
      decomposition in Float64), as factors A (rank x inputs) and B (outputs x rank). Kernels of \
      convolutions count as matrices, their windows with the inputs. A name that ends in \
      .safetensors gives one file, whose tensors are <name>.lora_A, <name>.lora_B and <name>.full; \
      any other a folder as PEFT reads it.

      EXAMPLES
        ctl-merge lora extract tuned.h5 --base pt.h5 --energy 0.99 -o tuned-lora.safetensors
        ctl-merge lora extract tuned/ --base pt/ --rank 16 --others skip -o adapter
      """)

  @Argument(help: "The tuned model.")
  var tuned: String

  @Option(help: ArgumentHelp("The model from which it was tuned.", valueName: "pt"))
  var base: String

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The adapter: a .safetensors file or a new folder.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("The rank of each matrix, at most.", valueName: "r"))
  var rank: Int?

  @Option(
    help: ArgumentHelp(
      "The share of the squared length to keep; each matrix gets the least rank for it.",
      valueName: "share"))
  var energy: Double?

  @Option(help: ArgumentHelp("Adapt only these tensors (repeatable).", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave these tensors out (repeatable).", valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp(
      "What isn't a matrix and changed: full (store its tuned values) or skip.",
      valueName: "policy"))
  var others = OtherTensors.full

  @Flag(
    inversion: .prefixedNo,
    help: "Whether matrices have their inputs along the rows (default: in Keras's files they do).")
  var fanInFanOut: Bool?

  @Option(help: ArgumentHelp("The type of the factors.", valueName: "type"))
  var dtype = OutputType.float32

  @Flag(help: "Replace an existing file.")
  var force = false

  @Flag(inversion: .prefixedNo, help: "Wait until the output is on the disk.")
  var sync = true

  @OptionGroup
  var common: CommonOptions

  func validate() throws {
    if (rank == nil) == (energy == nil) {
      throw ValidationError("lora extract: give one of --rank and --energy")
    }
  }

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let isFile = OutputFormats.Family(path: output) == .safetensors
      if isFile {
        try StagedFile.check(.file(output), replacing: force)
      } else {
        try StagedFolder.check(output)
      }
      let inputs = try CheckpointFormats.openAll([tuned, base], threads: common.threads)
      let extraction = try extract(inputs[0], inputs[1], isForPEFT: !isFile)
      let adapter = try AdapterFile(
        extraction, tuned: inputs[0],
        base: lastComponent(of: base),
        type: dtype.elementType ?? .float32, isPEFT: !isFile, name: output)
      try write(adapter)
      let report = LoRAReport(extraction, output: output)
      if common.json {
        print(jsonText(report))
      } else if !common.quiet {
        print(report.text)
      }
      return Outcome.yes
    }
  }

  private func extract(
    _ tuned: Checkpoint, _ base: Checkpoint, isForPEFT: Bool
  ) throws(CheckpointError) -> AdapterExtraction {
    let included = try globs(include, of: "--include")
    let excluded = try globs(exclude, of: "--exclude")
    var settings = AdapterExtraction.Settings(
      rank: rank.map { .fixed($0) } ?? .energy(energy ?? 1), threads: common.threads)
    settings.keepsOthers = others == .full
    settings.rowsAreInputs = fanInFanOut
    settings.isForPEFT = isForPEFT
    settings.selects = { name in
      (included.isEmpty || included.contains { $0.matches(name) })
        && !excluded.contains { $0.matches(name) }
    }
    let bar = ProgressBar(isShown: !common.quiet && standardErrorIsTerminal())
    defer { bar.finish() }
    return try AdapterExtraction(tuned, base: base, settings: settings) { done, total in
      bar.update(done, of: total)
    }
  }

  private func write(_ adapter: AdapterFile) throws(CheckpointError) {
    guard let configuration = adapter.configuration else {
      let file = try StagedFile.create(.file(output), replacing: force)
      try adapter.write(to: file, as: SafetensorsWriter())
      try file.commit(durably: sync)
      return
    }
    let names = [AdapterConfiguration.tensorsName, AdapterConfiguration.fileName]
    let folder = try StagedFolder.create(output, files: names)
    let tensors = try StagedFile.create(.file(folder.path(of: names[0])), replacing: true)
    try adapter.write(to: tensors, as: SafetensorsWriter())
    try tensors.commit(durably: sync)
    let text = try StagedFile.create(.file(folder.path(of: names[1])), replacing: true)
    try text.write(unsafe configuration.span.bytes, at: 0)
    try text.commit(durably: sync)
    try folder.commit(durably: sync)
  }
}

/// The values of `--others`.
enum OtherTensors: String, ExpressibleByArgument, CaseIterable {
  case full, skip
}

import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// The verb `convert`.
struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write a checkpoint in another format or with another element type.",
    discussion: """
      The output's format follows from its name: .h5, .safetensors, .npz or .keras. Values are copied bit \
      for bit unless --dtype is given; then each is rounded once, and what didn't fit is counted. A \
      file of the same format keeps everything that isn't a value.

      EXAMPLES
        ctl-merge convert model.h5 model.safetensors
        ctl-merge convert model.safetensors model.h5 --rename '[.]=>/'
        ctl-merge convert model.h5 half.h5 --dtype float16
        ctl-merge convert legacy.h5 model.keras
        ctl-merge convert model-folder half-folder --dtype float16 --shard-size 5GB
        ctl-merge convert model.keras parts --format hdf5 --shard-size 10GB
      """)

  @Argument(help: "The checkpoint.")
  var input: String

  @Argument(
    help: "The file to write, or a folder where the source is one; '-' for standard output.")
  var output: String

  @Option(
    help: ArgumentHelp("The output's format: hdf5, safetensors, npz or keras.", valueName: "format")
  )
  var format: OutputFormatName?

  @Option(
    help: ArgumentHelp(
      "The type of weights: float32, float16, bfloat16, float64, or keep.", valueName: "type"))
  var dtype = OutputType.keep

  @Option(help: ArgumentHelp("Convert only these tensors (repeatable).", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave these tensors out (repeatable).", valueName: "glob"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp("Optimizer state: first (keep it) or drop.", valueName: "policy"))
  var optimizer = MergeRecipe.OptimizerPolicy.first

  @Option(
    help: ArgumentHelp(
      "Tied tensors: keep (where the format can) or duplicate.", valueName: "policy"))
  var tied = TiedPolicy.keep

  @Option(
    help: ArgumentHelp(
      "Write a folder of safetensors files with at most this much in each, such as 5GB; with "
        + "--format hdf5 Keras's sharded weights, model.weights.json.",
      valueName: "size"))
  var shardSize: String?

  @OptionGroup
  var names: RenamingOptions

  @Option(
    help: ArgumentHelp(
      "The model's configuration for a .keras output, as model.to_json() gives it, where the "
        + "source has none.", valueName: "file"))
  var architecture: String?

  @Flag(help: "Replace an existing output.")
  var force = false

  @Flag(help: "Print the plan and write nothing.")
  var dryRun = false

  @Flag(
    inversion: .prefixedNo,
    help: "Wait until the output is on the disk before it takes its name.")
  var sync = true

  @OptionGroup
  var common: CommonOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      if let shardSize {
        try runSharded(shardSize)
        return Outcome.yes
      }
      let target = try OutputTarget(
        output, template: input, isFormatNamed: format != nil,
        OutputTarget.Options(force: force, sync: sync, dryRun: dryRun, json: common.json))
      let source = try CheckpointFormats.open(input)
      let conversion = try Conversion(
        source, layouter: try layouter(for: source, to: target.weights),
        elementType: dtype.elementType, dropsOptimizer: optimizer == .drop, storage: .contiguous)
      if dryRun {
        print("\(input) -> \(output): \(conversion.layoutSummary)")
        for text in conversion.notes { note("ctl-merge: note: \(text)") }
        return Outcome.yes
      }
      let summary = try OutputTarget.write([target]) { (destinations) throws(CheckpointError) in
        try conversion.run(
          to: destinations[0], replacing: force, threads: common.threads, durably: sync)
      }
      show(summary)
      return Outcome.yes
    }
  }

  private func show(_ summary: Conversion.Summary) {
    let report = ConvertReport(summary, input: input, output: output)
    if common.json {
      print(jsonText(report))
    } else if !common.quiet {
      note(report.text)
    }
  }

  /// Writes a folder instead of a file.
  private func runSharded(_ size: String) throws(CheckpointError) {
    guard let limit = ByteSize(size) else {
      throw CheckpointError(
        .usage, subject: "--shard-size", fact: "is '\(size)'", remedy: "give a size such as 5GB")
    }
    let wanted = format ?? .safetensors
    guard let parts = ShardedOutput(wanted.family) else {
      throw CheckpointError(
        .usage, subject: "--shard-size", fact: "\(wanted.rawValue) has no parts",
        remedy: "name --format safetensors, or hdf5 for Keras's sharded weights")
    }
    try StagedFolder.check(output)
    let renaming = try names.renaming()
    let conversion = ShardedConversion(
      source: try CheckpointFormats.open(input), path: input, format: parts,
      elementType: dtype.elementType, dropsOptimizer: optimizer == .drop, limit: limit.bytes,
      rename: { renaming($0) }, leavesOut: try leavesOut())
    if dryRun {
      print("\(input) -> \(output): files of at most \(byteText(limit.bytes)) and their index")
      return
    }
    show(try conversion.run(to: output, threads: common.threads, durably: sync))
  }

  /// Whether a tensor isn't wanted.
  private func leavesOut() throws(CheckpointError) -> @Sendable (TensorName) -> Bool {
    let included = try globs(include, of: "--include")
    let excluded = try globs(exclude, of: "--exclude")
    return { name in
      let isIncluded = included.isEmpty || included.contains { $0.matches(name) }
      return !isIncluded || excluded.contains { $0.matches(name) }
    }
  }

  /// The source's own way where format and names stay, else one that writes a new file.
  private func layouter(
    for source: Checkpoint, to path: String
  ) throws(CheckpointError) -> (any OutputLayouter)? {
    let renaming = try names.renaming()
    let leavesOut = try leavesOut()
    let isPlain = renaming.isEmpty && include.isEmpty && exclude.isEmpty && tied == .keep
    func converting(_ writer: any CheckpointWriter) -> any OutputLayouter {
      ConvertingLayouter(
        writer, duplicatesTies: tied == .duplicate, rename: { renaming($0) }, leavesOut: leavesOut)
    }
    let wanted = format?.family ?? OutputFormats.Family(path: path)
    if wanted == .keras, !isPlain {
      throw CheckpointError(
        .usage, subject: output, fact: "tensors of a .keras file can't be renamed or left out",
        remedy: "name an output that ends in .npz, .safetensors or .h5")
    }
    let other = try OutputFormats.layouter(
      for: path, family: format?.family, template: source,
      architecture: try modelConfiguration(architecture), convert: converting)
    if let other { return other }
    if isPlain { return nil }
    guard let writer = OutputFormats.Family(of: source)?.writer else {
      throw CheckpointError(
        .usage, subject: output,
        fact: "tensors of a \(source.format) file can't be renamed or left out",
        remedy: "name an output that ends in .npz, .safetensors or .h5")
    }
    return converting(writer)
  }
}

/// The values of `--format`.
enum OutputFormatName: String, ExpressibleByArgument, CaseIterable {
  case hdf5, safetensors, npz, keras

  var family: OutputFormats.Family {
    switch self {
    case .hdf5: .hdf5
    case .safetensors: .safetensors
    case .npz: .npz
    case .keras: .keras
    }
  }
}

/// The values of `--tied`.
enum TiedPolicy: String, ExpressibleByArgument, CaseIterable {
  case keep, duplicate
}

/// What `convert` tells.
struct ConvertReport: Encodable {
  struct Loss: Encodable {
    let name: String
    let overflows: Int
    let underflows: Int
  }

  let input: String
  let output: String
  let bytesWritten: Int
  let losses: [Loss]
  let notes: [String]

  init(_ summary: Conversion.Summary, input: String, output: String) {
    self.input = input
    self.output = output
    bytesWritten = summary.bytesWritten
    notes = summary.notes
    losses = summary.losses.sorted { $0.key < $1.key }.map {
      Loss(name: $0.key.text, overflows: $0.value.overflows, underflows: $0.value.underflows)
    }
  }

  /// The report for a person.
  var text: String {
    let lines =
      notes.map { "ctl-merge: note: \($0)" }
      + losses.map { loss in
        "ctl-merge: note: tensor \(TensorName(loss.name)): \(grouped(loss.overflows)) values are too "
          + "large for the type, \(grouped(loss.underflows)) became zero"
      }
    return (lines + ["\(output): converted from \(input), \(byteText(bytesWritten))"])
      .joined(separator: "\n")
  }
}

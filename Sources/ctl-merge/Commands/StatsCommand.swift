import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Reporting
import Terminal

/// The verb `stats`.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Measure how models lie to one another and to their base.",
    discussion: """
      With --base the vectors are the task vectors A - base: their lengths, cosines, the share of \
      elements whose signs conflict when each keeps its largest elements only, and the weight t that \
      model-stock would use. Without --base the vectors are the models themselves. Every run judges \
      whether the models seem to come from one pretrained checkpoint.

      EXAMPLES
        ctl-merge stats a.h5 b.h5 --base pretrained.h5
        ctl-merge stats a.h5 b.h5 c.h5 --base pretrained.h5 --html stats.html
        ctl-merge stats a.h5 b.h5 --require-same-base --quiet && ctl-merge soup a.h5 b.h5 -o m.h5
      """)

  @Argument(help: ArgumentHelp("The models, or task vectors of the base.", valueName: "model"))
  var models: [String]

  @Option(help: ArgumentHelp("The pretrained model.", valueName: "file"))
  var base: String?

  @Option(
    help: ArgumentHelp(
      "The shares of elements that task vectors keep when their signs are compared.",
      valueName: "d1,d2,..."))
  var densities: NumberList?

  @Option(help: ArgumentHelp("Measure only these tensors (repeatable).", valueName: "glob"))
  var include: [String] = []

  @Option(help: ArgumentHelp("Leave these tensors out (repeatable).", valueName: "glob"))
  var exclude: [String] = []

  @Flag(help: "List every tensor in the terminal, too.")
  var tensors = false

  @Option(help: ArgumentHelp("Write the report as one self-contained page.", valueName: "file"))
  var html: String?

  @Flag(help: "Replace an existing page.")
  var force = false

  @Flag(help: "End with exit code 1 unless all models come from one base.")
  var requireSameBase = false

  @Option(help: ArgumentHelp("Colours in the table: auto, always or never.", valueName: "when"))
  var color = Display.Colour.auto

  @OptionGroup
  var common: CommonOptions

  func run() throws {
    try concluding("ctl-merge") { () throws(CheckpointError) in
      let page = html.map { StagedFile.Destination(argument: $0) }
      if let page { try check(page) }
      let geometry = try measure()
      let report = StatsReport(geometry, models: models, base: base)
      if let page {
        try write(
          HTMLPage(document: StatsDocument(report).document(listsTensors: true)).text, to: page)
      }
      if common.json {
        print(jsonText(report))
      } else if html != "-", !(common.quiet && requireSameBase) {
        let display = Display(colour: color)
        print(
          terminalText(
            StatsDocument(report).document(listsTensors: tensors),
            style: TerminalStyle(
              isColoured: display.isColoured, hasBars: display.isTerminal, width: display.width)))
      }
      return requireSameBase && geometry.origin.answer != .yes ? Outcome.no : Outcome.yes
    }
  }

  private func check(_ page: StagedFile.Destination) throws(CheckpointError) {
    if page == .standardOutput, common.json {
      throw CheckpointError(
        .usage, subject: "--json", fact: "and --html - both want standard output",
        remedy: "write the page to a file")
    }
    if page != .standardOutput { try StagedFile.check(page, replacing: force) }
  }

  private func measure() throws(CheckpointError) -> CheckpointGeometry {
    let included = try globs(include, of: "--include")
    let excluded = try globs(exclude, of: "--exclude")
    var settings = CheckpointGeometry.Settings(threads: common.threads)
    settings.selects = { name in
      (included.isEmpty || included.contains { $0.matches(name) })
        && !excluded.contains { $0.matches(name) }
    }
    if let densities { settings.densities = densities.values }
    var inputs = try CheckpointFormats.openAll(
      (base.map { [$0] } ?? []) + models, threads: common.threads)
    let pretrained = base == nil ? nil : inputs.removeFirst()
    let bar = ProgressBar(isShown: !common.quiet && standardErrorIsTerminal())
    defer { bar.finish() }
    return try CheckpointGeometry(inputs, base: pretrained, settings: settings) { done, total in
      bar.update(done, of: total)
    }
  }

  private func write(
    _ text: String, to page: StagedFile.Destination
  ) throws(CheckpointError) {
    guard page != .standardOutput else {
      print(text, terminator: "")
      return
    }
    let file = try StagedFile.create(page, replacing: force)
    let bytes = Array(text.utf8)
    try file.write(unsafe bytes.span.bytes, at: 0)
    try file.commit(durably: false)
  }
}

extension Display.Colour: ExpressibleByArgument {}

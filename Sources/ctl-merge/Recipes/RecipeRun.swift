import Checkpoints
import FormatRegistry
import Merging
import Recipes
import Terminal

/// Carries out a recipe: open, resolve, plan, execute, report.
struct RecipeRun {
  /// The recipe's file, or the output that tells it.
  let path: String
  /// The recipe, word for word.
  let text: [UInt8]
  let options: MergeOptions
  /// Where a source is, by what the recipe calls it.
  let locate: (String) -> String

  /// Makes the outputs and tells of them.
  ///
  /// - Throws: ``CheckpointError``; an output that was begun is then as it was.
  func perform() throws(CheckpointError) {
    var reports: [MergeReport] = []
    let jobs = try jobs()
    if !options.dryRun, jobs.contains(where: { $0.path != options.output }) {
      try StagedFolder.makePlain(options.output)
    }
    for job in jobs {
      let target = try RecipeTarget(
        job.path, template: locate(job.template), tokenizer: job.tokenizer.map(locate),
        layers: job.layers, options)
      reports.append(try carryOut(try job.plan(target.weights), to: target))
    }
    show(reports)
  }

  /// The digest that an output would have; nothing stays.
  ///
  /// - Parameter output: The output's name; nil for the only one.
  /// - Returns: The SHA-256 of its weights' file.
  /// - Throws: ``CheckpointError``.
  func digest(of output: String?) throws(CheckpointError) -> String? {
    guard let job = try jobs().first(where: { $0.output == output }) else { return nil }
    var settings = MergeExecutor.Options(threads: options.common.threads)
    settings.replacesExisting = true
    settings.computesChecksum = true
    settings.keepsOutput = false
    let path = RecipeTarget.weights(of: options.output)
    return try MergeExecutor(try job.plan(path), options: settings).run(to: .file(path)).sha256
  }

  /// An output that the recipe asks for.
  private struct Job {
    let output: String?
    let path: String
    let template: String
    /// The folder of the tokenizer's files; nil for the template's.
    let tokenizer: String?
    /// How many layers the template and the output have.
    let layers: LayerCounts
    /// Plans it for a file of weights, whose name tells the format.
    let plan: (String) throws(CheckpointError) -> MergePlan
  }

  private func jobs() throws(CheckpointError) -> [Job] {
    let recipe = try Recipe(parsing: text, file: path)
    let files = recipe.files
    let opened = try options.matching.matched(
      CheckpointFormats.openAll(files.map(locate), threads: options.common.threads))
    keepDescriptions(of: opened)
    var checkpoints = Dictionary(zip(files, opened)) { first, _ in first }
    let inventories = checkpoints.mapValues(ModelInventory.init(of:))
    let resolution = try recipe.resolved(with: inventories)
    let statistics = Set(
      resolution.outputs.flatMap(\.tensors).flatMap(\.settings.statisticsFiles)
    ).sorted()
    let known = try CheckpointFormats.openAll(
      statistics.map(locate), threads: options.common.threads)
    for (name, checkpoint) in zip(statistics, known) { checkpoints[name] = checkpoint }
    let all = checkpoints
    let provenance = try provenance(recipe, all)
    return resolution.outputs.enumerated().map { place, output in
      let isOnly = resolution.outputs.count == 1 && output.name == nil
      let name = output.name ?? "output-\(place + 1)"
      return Job(
        output: output.name, path: isOnly ? options.output : "\(options.output)/\(name)",
        template: recipe.template, tokenizer: recipe.options.tokenizer.model,
        layers: LayerCounts(
          template: inventories[recipe.template]?.order.layerCount,
          output: LayerOrder(names: output.tensors.map { ($0.name, nil) }).layerCount)
      ) { (path) throws(CheckpointError) in
        var own = provenance
        own?.output = output.name
        return try plan(
          output, of: recipe, all, to: path, own,
          warnings: recipe.warnings + resolution.warnings)
      }
    }
  }

  private func plan(
    _ output: ResolvedOutput, of recipe: Recipe, _ checkpoints: [String: Checkpoint],
    to path: String, _ provenance: Provenance?, warnings: [String]
  ) throws(CheckpointError) -> MergePlan {
    var settings = try options.recipe(nil, sources: recipe.files)
    if options.dtype == .keep { settings.elementType = recipe.options.elementType }
    guard let template = checkpoints[recipe.template] else {
      throw .unusable(recipe.template, "was not surveyed")
    }
    if let layouter = try OutputFormats.layouter(
      for: path, family: nil, template: template,
      architecture: try options.matching.configuration())
    {
      settings.layouter = layouter
    }
    let context = RecipeContext(
      checkpoints: checkpoints, template: recipe.template, output: settings,
      compatibility: recipe.options.compatibility ?? .paper, provenance: provenance
    ) { () throws(CheckpointError) in
      ConvertingLayouter(try OutputFormats.writer(named: path))
    }
    return try MergePlan(output, in: context, warnings: warnings)
  }

  private func carryOut(
    _ plan: MergePlan, to target: RecipeTarget
  ) throws(CheckpointError) -> MergeReport {
    var settings = MergeExecutor.Options(threads: options.common.threads)
    settings.isDurable = options.sync
    settings.replacesExisting = options.force
    settings.computesChecksum = options.checksum
    let executor = MergeExecutor(plan, options: settings)
    var report = MergeReport(plan, executor: executor, output: target.path)
    if options.dryRun { return report }
    let clock = ContinuousClock()
    let start = clock.now
    let bar = ProgressBar(isShown: !options.common.quiet && standardErrorIsTerminal())
    let summary = try target.write { (destination) throws(CheckpointError) in
      try executor.run(to: destination) { done, total in bar.update(done, of: total) }
    }
    bar.finish()
    report.complete(with: summary, duration: clock.now - start)
    return report
  }

  private func provenance(
    _ recipe: Recipe, _ checkpoints: [String: Checkpoint]
  ) throws(CheckpointError) -> Provenance? {
    guard options.provenance else { return nil }
    var provenance = Provenance()
    provenance.version = programVersion
    provenance.method = recipe.merges[recipe.main].method.name
    provenance.sources = recipe.files.map(leaf)
    provenance.recipe = String(decoding: text, as: UTF8.self)
    provenance.options = options.recorded
    if !options.dryRun {
      provenance.sha256 = try digests(of: checkpoints, threads: options.common.threads)
    }
    return provenance
  }

  private func show(_ reports: [MergeReport]) {
    if options.common.json {
      print(reports.count == 1 ? jsonText(reports[0]) : jsonText(reports))
    } else if options.dryRun {
      print(reports.map(\.text).joined(separator: "\n\n"))
    } else if !options.common.quiet {
      for warning in reports.first?.warnings ?? [] { note("ctl-merge: note: \(warning)") }
      for report in reports { note(report.closingLine) }
    }
  }
}

/// The digests of sources, by what the recipe calls them.
func digests(
  of checkpoints: [String: Checkpoint], threads: Int
) throws(CheckpointError) -> [String: String] {
  let sources = checkpoints.sorted { $0.key < $1.key }
  let found = Digests()
  try forEachConcurrently(count: sources.count, threads: threads, makeState: { () }) {
    (index, _) throws(CheckpointError) in
    found.set(sources[index].key, try digest(of: sources[index].value.file))
  }
  return found.all
}

/// A file's name without its folder.
private func leaf(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

extension RecipeOptions.Tokenizer {
  /// The model that the tokenizer comes from, where it isn't the template.
  fileprivate var model: String? {
    guard case .model(let path) = self else { return nil }
    return path
  }
}

extension LayerOrder {
  /// The number of layers of the longest stack.
  fileprivate var layerCount: Int? { longest.map { stacks[$0].count } }
}

extension ModelInventory {
  /// The tensors of a checkpoint that a recipe merges, with Keras's order of layers.
  init(of checkpoint: Checkpoint) {
    var ranks: [String: Int] = [:]
    let isKeras = checkpoint.format.hasPrefix("keras")
    self.init(
      tensors: checkpoint.tensors.filter(\.isMergeable).map { tensor in
        guard isKeras, let layer = tensor.layer else { return (tensor.name, nil) }
        let rank = ranks[layer] ?? ranks.count
        ranks[layer] = rank
        return (tensor.name, rank)
      })
  }
}

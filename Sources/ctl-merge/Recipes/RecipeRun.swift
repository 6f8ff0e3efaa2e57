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
    let work = try work()
    if !options.dryRun, work.jobs.contains(where: { $0.path != options.output }) {
      try StagedFolder.makePlain(options.output)
    }
    var targets: [OutputTarget] = []
    for job in work.jobs {
      targets.append(
        try OutputTarget(
          job.path, template: locate(job.template), tokenizer: job.tokenizer.map(locate),
          layers: job.layers, options.outputs))
    }
    // The first long work, when nothing that can be known beforehand is wrong any more.
    let digests: [String: String]? =
      options.dryRun || !options.provenance
      ? nil : try digests(of: work.sources, threads: options.common.threads)
    var reports: [MergeReport] = []
    for (job, target) in zip(work.jobs, targets) {
      reports.append(try carryOut(try job.plan(target.weights, digests), to: target))
    }
    options.show(reports)
  }

  /// The digest that an output would have; nothing stays.
  ///
  /// - Parameters:
  ///   - output: The output's name; nil for the only one.
  ///   - sources: The digests of the sources, by what the recipe calls them.
  /// - Returns: The SHA-256 of its weights' file.
  /// - Throws: ``CheckpointError``.
  func digest(
    of output: String?, sources: [String: String]
  ) throws(CheckpointError) -> String? {
    guard let job = try work().jobs.first(where: { $0.output == output }) else { return nil }
    var settings = MergeExecutor.Options(threads: options.common.threads)
    settings.replacesExisting = true
    settings.computesChecksum = true
    settings.keepsOutput = false
    return try MergeExecutor(try job.plan(options.output, sources), options: settings)
      .run(to: .file(options.output)).sha256
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
    /// Plans it for a file of weights, whose name tells the format, with the sources' digests.
    let plan: (String, [String: String]?) throws(CheckpointError) -> MergePlan
  }

  /// The outputs, and the sources by what the recipe calls them.
  private func work() throws(CheckpointError) -> (jobs: [Job], sources: [String: Checkpoint]) {
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
    let jobs = resolution.outputs.enumerated().map { place, output in
      let isOnly = resolution.outputs.count == 1 && output.name == nil
      let name = output.name ?? "output-\(place + 1)"
      return Job(
        output: output.name, path: isOnly ? options.output : "\(options.output)/\(name)",
        template: recipe.template, tokenizer: recipe.options.tokenizer.model,
        layers: LayerCounts(
          template: inventories[recipe.template]?.order.layerCount,
          output: LayerOrder(names: output.tensors.map { ($0.name, nil) }).layerCount)
      ) { (path, digests) throws(CheckpointError) in
        try plan(
          output, of: recipe, all, to: path, provenance(recipe, output.name, digests),
          warnings: recipe.warnings + resolution.warnings)
      }
    }
    return (jobs, all)
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
    _ plan: MergePlan, to target: OutputTarget
  ) throws(CheckpointError) -> MergeReport {
    let executor = MergeExecutor(plan, options: options.execution)
    var report = MergeReport(plan, executor: executor, output: target.path)
    if options.dryRun { return report }
    let (summaries, duration) = try options.timed { (progress) throws(CheckpointError) in
      try OutputTarget.write([target]) { (destinations) throws(CheckpointError) in
        try executor.run(to: destinations, progress: progress)
      }
    }
    report.complete(with: summaries[0], duration: duration)
    return report
  }

  private func provenance(
    _ recipe: Recipe, _ output: String?, _ digests: [String: String]?
  ) -> Provenance? {
    guard options.provenance else { return nil }
    var provenance = Provenance()
    provenance.version = programVersion
    provenance.method = recipe.merges[recipe.main].method.name
    provenance.sources = recipe.files.map(lastComponent)
    provenance.recipe = String(decoding: text, as: UTF8.self)
    provenance.output = output
    provenance.options = options.recorded
    provenance.sha256 = digests
    return provenance
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

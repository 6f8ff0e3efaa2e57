public import Checkpoints

/// A merge, decided: what becomes of each tensor and how the output is laid out.
///
/// Every mismatch between the inputs is found in making the plan, before a byte is written.
public struct MergePlan: Sendable {
  /// What becomes of one tensor of the template.
  public enum Action: Sendable {
    /// Its values are combined.
    case merge(TensorMerge)
    /// It comes from the template after a look whether the inputs agree; the places as above, nil
    /// where an input lacks a counter or a seed.
    case agree([Int?])
    /// It comes from the template.
    case copy(CopyReason)
    /// It is optimizer state and left out.
    case drop
  }

  /// Why a tensor comes from the template unmerged.
  public enum CopyReason: String, Sendable {
    case optimizerState = "optimizer state"
    case leftOut = "left out by a pattern"
    case notNumbers = "not made of numbers"
    case notWeights = "not a floating-point weight"
    case empty = "has no elements"
    /// No source stores it, and the absent value is the merged value too.
    case neverWritten = "never written in any source"
  }

  /// What was asked.
  public let recipe: MergeRecipe
  /// The ways in which values are combined: one, unless a recipe has other parameters for some
  /// tensors.
  package let methods: [any MergeMethod]
  /// The inputs; the first is the template.
  public let inputs: [Checkpoint]
  /// What each input holds.
  package let kinds: [SourceKind]
  /// What becomes of each tensor of the template, in its order.
  public let actions: [Action]
  /// The output's layout.
  public let layout: any OutputLayout
  /// What a person should know, such as patterns that match nothing.
  public let warnings: [String]

  /// The method that the plan, the report and the provenance name.
  package var method: any MergeMethod { methods[0] }

  /// The input on which the output is modelled.
  public var template: Checkpoint { inputs[0] }

  /// Plans a merge.
  ///
  /// - Parameters:
  ///   - recipe: What to do.
  ///   - inputs: The surveyed inputs, in the order of `recipe.inputs`.
  ///   - version: The program's version, for the provenance.
  /// - Throws: ``CheckpointError`` listing everything that doesn't match.
  public init(
    _ recipe: MergeRecipe, inputs: [Checkpoint], version: String
  ) throws(CheckpointError) {
    let kinds = inputs.map(Provenance.kind(of:))
    guard let operation = recipe.operation else {
      throw CheckpointError(.usage, fact: "the recipe names no method")
    }
    let method = try operation.method(recipe.sources.count)
    var methods = [method]
    // Statistics aren't models: they may lack tensors, and hold others.
    let models = Array(inputs.dropLast(recipe.statistics.count))
    let modelKinds = Array(kinds.prefix(models.count))
    try MergePlan.checkKinds(recipe, method, inputs: models, kinds: modelKinds)
    var matching = TensorMatching(recipe, inputs: models)
    var actions = try matching.actions(method: method, kinds: modelKinds)
    var warnings = matching.warnings
    try MergePlan.checkStatistics(recipe, method)
    if let method = method as? any StatisticsMethod {
      var statistics = StatisticsMatching(
        method, inputs: inputs, statisticsCount: recipe.statistics.count)
      actions = try statistics.actions(actions)
      warnings += statistics.warnings
      methods.append(method.withoutStatistics)
    }
    if recipe.base != nil {
      warnings += try MergePlan.baseWarnings(inputs: inputs, kinds: kinds)
    }
    try self.init(
      recipe, inputs: inputs, kinds: kinds, methods: methods, actions: actions,
      provenance: try MergePlan.provenance(
        recipe, method: method, inputs: inputs, version: version),
      warnings: warnings)
  }

  /// A plan whose actions are decided.
  init(
    _ recipe: MergeRecipe, inputs: [Checkpoint], kinds: [SourceKind],
    methods: [any MergeMethod], actions: [Action], provenance: Provenance?, warnings: [String]
  ) throws(CheckpointError) {
    var written: [Int: ElementType] = [:]
    for (place, action) in actions.enumerated() {
      guard case .merge = action else { continue }
      written[place] = recipe.elementType ?? inputs[0].tensors[place].elementType
    }
    var request = OutputRequest(
      written: written, dropsOptimizer: recipe.optimizer == .drop, storage: recipe.storage,
      attributes: [provenance?.attribute()].compactMap(\.self))
    request.needsAttributes = provenance?.kind != nil
    self.layout = try (recipe.layouter ?? inputs[0].layouter).layout(request, template: inputs[0])
    self.recipe = recipe
    self.methods = methods
    self.inputs = inputs
    self.kinds = kinds
    self.actions = actions
    self.warnings =
      warnings + layout.notes
      + methods.flatMap(\.notes).reduce(into: []) { notes, note in
        if !notes.contains(note) { notes.append(note) }
      }
  }

  /// The element type in which a merged tensor is written.
  public func outputType(of tensor: Int) -> ElementType {
    recipe.elementType ?? template.tensors[tensor].elementType
  }

  /// How many neighbouring elements of a tensor must be combined together.
  func unit(of tensor: Int) -> Int {
    guard case .merge(let merge) = actions[tensor] else { return 1 }
    return max(1, methods[merge.method].unit(of: template.tensors[tensor].shape))
  }

  /// Whether the output is a model, whose variances can't be negative.
  var isModel: Bool {
    kinds[0] == .model && method.product == .model
  }

  /// The bytes that the merge reads: merged tensors of all inputs, as often as their method reads
  /// them, and the template's other bytes.
  public var bytesRead: Int {
    var bytes = template.file.size
    for (tensor, action) in zip(template.tensors, actions) {
      guard case .merge(let merge) = action else { continue }
      let once = merge.operands.reduce(0) { $0 + inputs[$1.input].tensors[$1.place].byteCount }
      bytes += once * methods[merge.method].passes(over: tensor.shape) - tensor.byteCount
      bytes += merge.statistics.reduce(0) { $0 + inputs[$1.input].tensors[$1.place].byteCount }
    }
    return bytes
  }

  /// The memory that the greediest tensor takes beyond tiles: tensors are done one after the other.
  public var largestTensorBytes: Int {
    var most = 0
    for (tensor, action) in zip(template.tensors, actions) {
      guard case .merge(let merge) = action else { continue }
      most = max(most, methods[merge.method].memoryBytes(for: tensor.shape))
    }
    return most
  }

  /// Refuses to mix models and task vectors where the formula would make no sense.
  private static func checkKinds(
    _ recipe: MergeRecipe, _ method: any MergeMethod, inputs: [Checkpoint], kinds: [SourceKind]
  ) throws(CheckpointError) {
    let hasBase = recipe.base != nil
    if hasBase, kinds[0] == .taskVector {
      throw .unusable(
        inputs[0].file.name, "is a task vector, not a model",
        remedy: "name the pretrained model with --base")
    }
    if !method.takesTaskVectors, let place = kinds.firstIndex(of: .taskVector) {
      throw .unusable(
        inputs[place].file.name, "is a task vector already", remedy: "name the tuned model")
    }
    if !hasBase, let model = kinds.firstIndex(of: .model),
      let vector = kinds.firstIndex(of: .taskVector)
    {
      throw .unusable(
        inputs[vector].file.name,
        "is a task vector, but \(inputs[model].file.name) is a model",
        remedy: "add the task vector to its base first: ctl-merge add --base BASE TASK-VECTOR")
    }
  }

  /// Checks that there are statistics for every source where a method needs them, and only there.
  private static func checkStatistics(
    _ recipe: MergeRecipe, _ method: any MergeMethod
  ) throws(CheckpointError) {
    let needed = method is any StatisticsMethod ? recipe.sources.count : 0
    if recipe.statistics.count == needed { return }
    throw CheckpointError(
      .usage, subject: "--statistics",
      fact: "\(method.name) needs \(needed) files, and \(recipe.statistics.count) are given",
      remedy: "name one file per source, in the order of the sources")
  }

  /// Says which task vectors were taken from another base.
  private static func baseWarnings(
    inputs: [Checkpoint], kinds: [SourceKind]
  ) throws(CheckpointError) -> [String] {
    guard kinds.contains(.taskVector) else { return [] }
    let base = try fingerprint(of: inputs[0])
    var warnings: [String] = []
    for (input, kind) in zip(inputs, kinds) where kind == .taskVector {
      guard let known = Provenance(of: input)?.base, known.fingerprint != base else { continue }
      warnings.append(
        "\(input.file.name): is a task vector of another base (\(known.file)) than "
          + "\(inputs[0].file.name)")
    }
    return warnings
  }

  private static func provenance(
    _ recipe: MergeRecipe, method: any MergeMethod, inputs: [Checkpoint], version: String
  ) throws(CheckpointError) -> Provenance? {
    var provenance = Provenance()
    if recipe.recordsProvenance {
      provenance.version = version
      provenance.method = method.name
      provenance.parameters = Dictionary(
        method.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
      // Without folders, which say something about a machine, not about a merge.
      provenance.sources = recipe.sources.map(lastComponent)
      if !recipe.statistics.isEmpty { provenance.statistics = recipe.statistics.map(lastComponent) }
    }
    // A mean of task vectors is a task vector.
    let product: SourceKind =
      recipe.base == nil ? Provenance.kind(of: inputs[0]) : method.product
    if product == .taskVector {
      provenance.kind = product.rawValue
      if recipe.base == nil {
        provenance.base = Provenance(of: inputs[0])?.base
      } else {
        provenance.base = Provenance.Base(
          file: lastComponent(of: inputs[0].file.name), fingerprint: try fingerprint(of: inputs[0]))
      }
    } else if !recipe.recordsProvenance {
      return nil
    } else if let base = recipe.base {
      provenance.base = Provenance.Base(
        file: lastComponent(of: base), fingerprint: try fingerprint(of: inputs[0]))
    }
    if !recipe.include.isEmpty { provenance.include = recipe.include.map(\.pattern) }
    if !recipe.exclude.isEmpty { provenance.exclude = recipe.exclude.map(\.pattern) }
    return provenance
  }
}

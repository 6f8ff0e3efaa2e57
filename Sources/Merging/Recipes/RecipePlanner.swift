import Checkpoints
import Recipes

/// Turns resolved tensors into a plan's inputs, methods and actions.
struct RecipePlanner {
  /// What makes two tensors' methods the same.
  private indirect enum MethodKey: Hashable {
    case stored
    case merged(ObjectIdentifier, [MethodKey])
    /// What a method that wants statistics does where there are none.
    case withoutStatistics(MethodKey)
  }

  private let context: RecipeContext
  private(set) var inputs: [Checkpoint] = []
  private(set) var methods: [any MergeMethod] = []
  private(set) var actions: [MergePlan.Action] = []
  /// Whether the output's tensors aren't the template's, as with slices.
  private(set) var isRemade = false
  private var inputOfFile: [String: Int] = [:]
  private var methodOfKey: [MethodKey: Int] = [:]
  private var mismatches: [String] = []

  init(_ context: RecipeContext) {
    self.context = context
  }

  mutating func plan(_ resolved: ResolvedOutput) throws(CheckpointError) {
    guard let template = context.checkpoints[context.template] else {
      throw .unusable(context.template, "was not surveyed")
    }
    var tensors: [TensorName: ResolvedTensor] = [:]
    for tensor in resolved.tensors { tensors[tensor.name] = tensor }
    let own = template.tensors.filter(\.isMergeable).map(\.name)
    isRemade = Set(own) != Set(tensors.keys)
    inputs = [isRemade ? try remade(template, resolved) : template]
    if !isRemade { inputOfFile[context.template] = 0 }
    for tensor in inputs[0].tensors {
      if tensor.elementCount == 0 {
        actions.append(.copy(.empty))
      } else if let resolved = tensors[tensor.name] {
        actions.append(.merge(try merge(resolved, as: tensor)))
      } else if tensor.role == .optimizer {
        actions.append(context.output.optimizer == .drop ? .drop : .copy(.optimizerState))
      } else {
        actions.append(.copy(tensor.elementType.byteCount == nil ? .notNumbers : .notWeights))
      }
    }
    if mismatches.isEmpty { return }
    throw CheckpointError(
      .unusable,
      fact: "the sources don't match in \(mismatches.count) tensors:\n"
        + mismatches.prefix(20).map { "  \($0)" }.joined(separator: "\n"),
      remedy: "merge models of one architecture, or copy what differs by a rule")
  }

  /// A template with the output's tensors, each described as its first source is.
  private func remade(
    _ template: Checkpoint, _ resolved: ResolvedOutput
  ) throws(CheckpointError) -> Checkpoint {
    var tensors: [Tensor] = []
    for tensor in resolved.tensors {
      guard let leaf = leaves(of: tensor).first, let source = context.checkpoints[leaf.file],
        let place = source.index(of: leaf.name)
      else { continue }
      let model = source.tensors[place]
      guard
        let new = Tensor(
          name: tensor.name, shape: model.shape, elementType: model.elementType, role: model.role,
          isVariance: model.isVariance, layer: model.layer, storage: model.storage)
      else { continue }
      tensors.append(new)
    }
    return Checkpoint(
      file: template.file, format: template.format, tensors: tensors,
      attributes: template.attributes, layouter: template.layouter)
  }

  private func leaves(of tensor: ResolvedTensor) -> [(file: String, name: TensorName)] {
    tensor.operands.flatMap { operand in
      switch operand {
      case .stored(let file, let name): [(file, name)]
      case .nested(let inner): leaves(of: inner)
      }
    }
  }

  private mutating func merge(
    _ tensor: ResolvedTensor, as model: Tensor
  ) throws(CheckpointError) -> TensorMerge {
    let key = key(of: tensor)
    if methodOfKey[key] == nil {
      methodOfKey[key] = methods.count
      methods.append(try method(of: tensor))
    }
    var operands: [TensorMerge.Operand] = []
    for leaf in leaves(of: tensor) {
      guard let input = input(leaf.file), let place = inputs[input].index(of: leaf.name) else {
        mismatches.append("\(leaf.file): tensor \(leaf.name): is missing")
        continue
      }
      let stored = inputs[input].tensors[place]
      if stored.shape != model.shape {
        mismatches.append(
          "\(leaf.file): tensor \(leaf.name): has shape \(stored.shape), not \(model.shape)")
      }
      if !stored.isMergeable {
        mismatches.append("\(leaf.file): tensor \(leaf.name): holds \(stored.elementType)")
      }
      if case .unsupported(let reason) = stored.storage {
        mismatches.append("\(leaf.file): tensor \(leaf.name): \(reason)")
      }
      operands.append(TensorMerge.Operand(input: input, place: place))
    }
    let merge = TensorMerge(method: methodOfKey[key] ?? 0, operands: operands)
    return try withStatistics(merge, of: tensor, as: model, key)
  }

  /// The merge with the statistics of its sources, where its method wants them and files have them.
  private mutating func withStatistics(
    _ merge: TensorMerge, of tensor: ResolvedTensor, as model: Tensor, _ key: MethodKey
  ) throws(CheckpointError) -> TensorMerge {
    guard let method = methods[merge.method] as? any StatisticsMethod else { return merge }
    var statistics: [TensorMerge.Operand] = []
    for file in tensor.settings.statisticsFiles {
      guard let input = input(file), let place = inputs[input].index(of: tensor.name) else {
        continue
      }
      try method.check(inputs[input].tensors[place], of: model, in: inputs[input])
      statistics.append(TensorMerge.Operand(input: input, place: place))
    }
    if statistics.count == merge.operands.count {
      return merge.with(statistics, method.combinesStatistics)
    }
    let fallback = MethodKey.withoutStatistics(key)
    if methodOfKey[fallback] == nil {
      methodOfKey[fallback] = methods.count
      methods.append(method.withoutStatistics)
    }
    return TensorMerge(method: methodOfKey[fallback] ?? 0, operands: merge.operands)
  }

  private mutating func input(_ file: String) -> Int? {
    if let known = inputOfFile[file] { return known }
    guard let checkpoint = context.checkpoints[file] else { return nil }
    inputOfFile[file] = inputs.count
    inputs.append(checkpoint)
    return inputs.count - 1
  }

  private func key(of tensor: ResolvedTensor) -> MethodKey {
    .merged(
      ObjectIdentifier(tensor.settings),
      tensor.operands.map { operand in
        switch operand {
        case .stored: .stored
        case .nested(let inner): key(of: inner)
        }
      })
  }

  private func method(of tensor: ResolvedTensor) throws(CheckpointError) -> any MergeMethod {
    let outer = try MethodFactory(tensor.settings).method(context.compatibility)
    var operands: [NestedMethod.Operand] = []
    var isNested = false
    for operand in tensor.operands {
      switch operand {
      case .stored: operands.append(.stored)
      case .nested(let inner):
        isNested = true
        operands.append(
          .merged(try method(of: inner), inputCount: leaves(of: inner).count))
      }
    }
    if isNested, outer is any StatisticsMethod {
      throw CheckpointError(
        .usage, subject: "method \(outer.name)", fact: "can't take what a recipe merges first",
        remedy: "write that merge to a file, and make its statistics")
    }
    return isNested ? NestedMethod(outer, operands: operands) : outer
  }
}

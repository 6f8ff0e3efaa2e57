import Checkpoints
import Kernels

/// Pairs the template's tensors with those of the other inputs, by name.
struct TensorMatching {
  private let recipe: MergeRecipe
  private let inputs: [Checkpoint]
  private var mismatches: [String] = []
  private(set) var warnings: [String] = []

  init(_ recipe: MergeRecipe, inputs: [Checkpoint]) {
    self.recipe = recipe
    self.inputs = inputs
  }

  /// Decides what becomes of each tensor of the template.
  ///
  /// - Throws: ``CheckpointError`` that lists every mismatch, or says that nothing is to be merged.
  mutating func actions(
    method: any MergeMethod, kinds: [SourceKind]
  ) throws(CheckpointError) -> [MergePlan.Action] {
    let rules = try leavingOutRules()
    let template = inputs[0]
    var actions: [MergePlan.Action] = []
    for tensor in template.tensors {
      if tensor.role == .optimizer {
        actions.append(
          recipe.optimizer == .drop ? .drop : .copy(.optimizerState))
      } else if rules.contains(where: { $0.leavesOut(tensor.name) }) {
        actions.append(.copy(.leftOut))
      } else {
        actions.append(action(for: tensor, method: method, kinds: kinds))
      }
    }
    for input in inputs.dropFirst() {
      for tensor in input.tensors where !tensor.mayBeMissing {
        let isKnown = template.index(of: tensor.name) != nil
        if !isKnown, !rules.contains(where: { $0.leavesOut(tensor.name) }) {
          mismatches.append(
            "\(input.file.name): tensor \(tensor.name): isn't in \(template.file.name)")
        }
      }
    }
    try throwMismatches()
    try checkThatSomethingIsMerged(actions)
    noteUselessPatterns()
    return actions
  }

  /// The recipe's patterns, and those with which the task vectors among the inputs were made: what
  /// such a file left out are the base's values, not differences.
  private func leavingOutRules() throws(CheckpointError) -> [MergeRecipe] {
    var rules = [recipe]
    for input in inputs {
      guard let provenance = Provenance(of: input), provenance.kind != nil else { continue }
      var rule = recipe
      rule.include = try patterns(provenance.include)
      rule.exclude = try patterns(provenance.exclude)
      rules.append(rule)
    }
    return rules
  }

  private func patterns(_ texts: [String]?) throws(CheckpointError) -> [Glob] {
    var globs: [Glob] = []
    for text in texts ?? [] { globs.append(try Glob(text)) }
    return globs
  }

  private mutating func action(
    for tensor: Tensor, method: any MergeMethod, kinds: [SourceKind]
  ) -> MergePlan.Action {
    guard tensor.isMergeable || tensor.elementType.byteCount != nil else {
      return .copy(.notNumbers)
    }
    if tensor.mayBeMissing {
      return .agree(inputs.map { $0.index(of: tensor.name) })
    }
    var places: [Int] = []
    var matches = true
    for input in inputs {
      guard let place = place(of: tensor, in: input) else {
        matches = false
        continue
      }
      places.append(place)
    }
    // With a mismatch noted the plan fails, whatever stands here.
    guard matches else { return .copy(.notNumbers) }
    guard tensor.isMergeable else { return .agree(places) }
    if tensor.elementCount == 0 { return .copy(.empty) }
    if staysUnwritten(tensor, places, method: method, kinds: kinds) {
      return .copy(.neverWritten)
    }
    return .merge(TensorMerge(method: 0, places: places))
  }

  /// The tensor's place in an input, or nil after noting what doesn't match.
  private mutating func place(of tensor: Tensor, in input: Checkpoint) -> Int? {
    // Made only where it is needed: most tensors match.
    var here: String { "\(input.file.name): tensor \(tensor.name): " }
    guard let place = input.index(of: tensor.name),
      input.tensors[place].role != .optimizer
    else {
      mismatches.append(here + "is missing (\(inputs[0].file.name) has it)")
      return nil
    }
    let other = input.tensors[place]
    if other.shape != tensor.shape {
      mismatches.append(
        here + "has shape \(shapeText(other.shape)), \(shapeText(tensor.shape)) in "
          + inputs[0].file.name)
      return nil
    }
    if other.isMergeable != tensor.isMergeable {
      mismatches.append(
        here + "holds \(other.elementType) (\(other.role.rawValue)), \(tensor.elementType) "
          + "(\(tensor.role.rawValue)) in \(inputs[0].file.name)")
      return nil
    }
    if tensor.isMergeable, case .unsupported(let reason) = other.storage {
      mismatches.append(here + reason)
      return nil
    }
    for alias in tensor.aliases where input.index(of: alias) != place {
      mismatches.append(
        here + "isn't tied to \(alias), but is in \(inputs[0].file.name)")
      return nil
    }
    return place
  }

  /// Whether a tensor that no file stores would get the value that it has by its absence.
  private func staysUnwritten(
    _ tensor: Tensor, _ places: [Int], method: any MergeMethod, kinds: [SourceKind]
  ) -> Bool {
    guard case .fill(let own) = tensor.storage, recipe.elementType == nil,
      let combination = method as? any Combination
    else { return false }
    var tile = SourceTile(kinds: kinds, stride: 1)
    tile.count = 1
    for (source, (input, place)) in zip(inputs, places).enumerated() {
      let other = input.tensors[place]
      guard case .fill(let element) = other.storage else { return false }
      var values = tile.values.mutableSpan
      var value = values._mutatingExtracting(source..<source + 1)
      ElementDecoding.decode(
        other.elementType, other.byteOrder, from: unsafe element.span.bytes, into: &value)
    }
    var result = [0.0]
    var encoded = [UInt8](repeating: 0, count: own.count)
    do {
      var value = result.mutableSpan
      guard (try? combination.combine(tile, as: tensor.elementType, into: &value)) != nil else {
        return false
      }
    }
    do {
      var bytes = encoded.mutableSpan
      var target = unsafe bytes.mutableBytes
      ElementEncoding.encode(
        result.span, as: tensor.elementType, tensor.byteOrder, into: &target)
    }
    return encoded == own
  }

  private func throwMismatches() throws(CheckpointError) {
    guard !mismatches.isEmpty else { return }
    let count = mismatches.count
    throw CheckpointError(
      .unusable,
      fact: "the sources don't match in \(count) tensor\(count == 1 ? "" : "s"):\n"
        + mismatches.map { "  \($0)" }.joined(separator: "\n"),
      remedy: "leave out what differs with --exclude PATTERN, or merge models of one architecture")
  }

  private func checkThatSomethingIsMerged(
    _ actions: [MergePlan.Action]
  ) throws(CheckpointError) {
    let isMerged = actions.contains { action in
      switch action {
      case .merge: true
      case .copy(.neverWritten), .copy(.empty): true
      default: false
      }
    }
    if isMerged { return }
    let name = inputs[0].file.name
    if recipe.include.isEmpty, recipe.exclude.isEmpty {
      throw .unusable(
        name, "holds no floating-point weights to merge",
        remedy: "see what it holds with: ctl-merge inspect \(name)")
    }
    throw CheckpointError(
      .usage, subject: "--include/--exclude", fact: "leave no tensor to merge",
      remedy: "see the names with: ctl-merge inspect \(name)")
  }

  private mutating func noteUselessPatterns() {
    for (option, globs) in [("--include", recipe.include), ("--exclude", recipe.exclude)] {
      for glob in globs {
        let matches = inputs.contains { $0.tensors.contains { glob.matches($0.name) } }
        if !matches { warnings.append("\(option) '\(glob.pattern)' matches no tensor") }
      }
    }
  }
}

extension Tensor {
  /// Whether files may match without it: what only training needs, and no output depends on.
  fileprivate var mayBeMissing: Bool {
    role == .optimizer || role == .counter || role == .seed
  }
}

public import Checkpoints
import Kernels

/// An adapter that was read: which tensors of the base it changes, and how.
public struct LoRAAdapter: Sendable {
  /// What it holds of a tensor, by places in the adapter's file.
  enum Entry: Sendable {
    /// The tuned values.
    case full(Int)
    /// The factors A and B, and α/r.
    case factors(a: Int, b: Int, factor: Double)
  }

  let checkpoint: Checkpoint
  /// Whether the base's matrices have their inputs along the rows.
  let rowsAreInputs: Bool
  private(set) var entries: [TensorName: Entry] = [:]

  /// Matches an adapter with its base.
  ///
  /// - Parameters:
  ///   - checkpoint: The adapter's tensors.
  ///   - configuration: PEFT's `adapter_config.json`; nil for an adapter that is one file.
  ///   - base: The model that it changes.
  /// - Throws: ``CheckpointError`` where the adapter isn't LoRA's, or doesn't fit the base.
  public init(
    _ checkpoint: Checkpoint, configuration: AdapterConfiguration?, base: Checkpoint
  ) throws(CheckpointError) {
    self.checkpoint = checkpoint
    let file = checkpoint.file.name
    try configuration?.check(file)
    rowsAreInputs =
      configuration?.fanInFanOut ?? (checkpoint.attribute(AdapterNaming.orientationKey) == "true")
    var halves: [TensorName: (a: Int?, b: Int?)] = [:]
    for (place, tensor) in checkpoint.tensors.enumerated() {
      guard let key = AdapterNaming.Key(tensor.name, isPEFT: configuration != nil) else {
        throw .unusable(
          file, tensor: tensor.name, "isn't part of a LoRA adapter",
          remedy:
            "supported are lora_A, lora_B, lora_embedding_A and lora_embedding_B, and tensors "
            + "in full")
      }
      switch key.part {
      case .a: halves[key.target, default: (nil, nil)].a = place
      case .b: halves[key.target, default: (nil, nil)].b = place
      case .full: entries[key.target] = .full(place)
      case .original: break
      }
    }
    for (target, half) in halves {
      guard let a = half.a, let b = half.b else {
        throw .unusable(file, tensor: target, "has lora_\(half.a == nil ? "B" : "A") only")
      }
      let rank = checkpoint.tensors[a].shape.first ?? 0
      let factor = try configuration?.scaling(of: target, rank: rank, file: file) ?? 1
      entries[target] = .factors(a: a, b: b, factor: factor)
    }
    guard !entries.isEmpty else { throw .unusable(file, "holds no adapter") }
    // The merge knows a tensor by its first name only.
    var byFirstName: [TensorName: Entry] = [:]
    for (target, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let name = try check(target, entry, base)
      if byFirstName.updateValue(entry, forKey: name) != nil {
        throw .unusable(
          file, tensor: target, "is tied to \(name) in \(base.file.name), which is adapted too",
          remedy: "untie the base first: ctl-merge convert --tied duplicate")
      }
    }
    entries = byFirstName
  }

  /// The number of tensors that it changes.
  public var tensorCount: Int { entries.count }

  /// The file's name without its folders.
  var shortName: String { lastComponent(of: checkpoint.file.name) }

  /// Whether a factor is of an embedding, whose table has its inputs along the rows whatever other
  /// weights do.
  func isEmbedding(_ place: Int) -> Bool {
    checkpoint.tensors[place].name.text.contains(".lora_embedding_")
  }

  /// All values of a tensor of the adapter.
  func values(_ place: Int) throws(CheckpointError) -> [Double] {
    let tensor = checkpoint.tensors[place]
    var scratch = ChunkScratch()
    let bytes = try checkpoint.littleEndianBytes(
      of: tensor, 0..<tensor.elementCount, scratch: &scratch)
    guard let values = tensor.decoded(bytes) else {
      throw .unusable(checkpoint.file.name, tensor: tensor.name, "isn't made of numbers")
    }
    guard FiniteCheck.allFinite(values.span) else { throw .notFinite(checkpoint, tensor.name) }
    return values
  }

  /// Refuses what doesn't fit the base.
  ///
  /// - Returns: The tensor's own name, where the target is another name of a tied one.
  private func check(
    _ target: TensorName, _ entry: Entry, _ base: Checkpoint
  ) throws(CheckpointError) -> TensorName {
    let file = checkpoint.file.name
    guard let place = base.index(of: target) else {
      throw .unusable(
        file, tensor: target, "isn't in \(base.file.name)",
        remedy: "name the base that the adapter was made for")
    }
    let tensor = base.tensors[place]
    guard tensor.isMergeable else {
      throw .unusable(file, tensor: target, "is no weight in \(base.file.name)")
    }
    func refuse(_ part: Tensor, _ wanted: String) -> CheckpointError {
      .unusable(
        file, tensor: part.name,
        "has shape \(shapeText(part.shape)), which doesn't fit \(shapeText(tensor.shape)) of "
          + "\(target) in \(base.file.name) (\(wanted))",
        remedy: "name the base that the adapter was made for, or give --fan-in-fan-out its value")
    }
    switch entry {
    case .full(let place):
      let own = checkpoint.tensors[place]
      guard own.isMergeable else {
        throw .unusable(file, tensor: own.name, "isn't made of floating-point numbers")
      }
      if own.shape != tensor.shape { throw refuse(own, "the same shape") }
    case .factors(let a, let b, _):
      let (factorA, factorB) = (checkpoint.tensors[a], checkpoint.tensors[b])
      for part in [factorA, factorB] where !part.elementType.isFloatingPoint {
        throw .unusable(file, tensor: part.name, "isn't made of floating-point numbers")
      }
      guard
        let matrix = WeightMatrix(
          shape: tensor.shape, rowsAreInputs: rowsAreInputs || isEmbedding(a)),
        let rank = factorA.shape.first, rank > 0
      else { throw refuse(factorA, "a matrix is wanted") }
      if factorA.elementCount != rank * matrix.inputs {
        throw refuse(factorA, "rank x \(matrix.inputs) inputs are wanted")
      }
      if factorB.shape.first != matrix.outputs || factorB.elementCount != rank * matrix.outputs {
        throw refuse(factorB, "\(matrix.outputs) outputs x rank \(rank) are wanted")
      }
    }
    return tensor.name
  }
}

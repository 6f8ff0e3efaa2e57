public import Checkpoints
import Kernels

/// An extracted adapter as the tensors and the configuration of its files.
public struct AdapterFile: Sendable {
  private struct Item {
    let tensor: NewTensor
    let bytes: [UInt8]
  }

  private let items: [Item]
  private let attributes: [Checkpoint.Attribute]
  private let name: String
  /// PEFT's configuration as JSON; nil for an adapter that is one file.
  public let configuration: [UInt8]?

  /// Names and encodes what was extracted.
  ///
  /// - Parameters:
  ///   - extraction: The adapter.
  ///   - tuned: The tuned model, whose values are stored where there are no factors.
  ///   - base: The base's name without folders.
  ///   - type: The floating-point type of the factors.
  ///   - isPEFT: Whether names are PEFT's, with a configuration.
  ///   - name: The output, for messages.
  /// - Throws: ``CheckpointError`` where names don't suit PEFT or values can't be read.
  public init(
    _ extraction: AdapterExtraction, tuned: Checkpoint, base: String, type: ElementType,
    isPEFT: Bool, name: String
  ) throws(CheckpointError) {
    self.name = name
    var naming = AdapterNames(extraction, isPEFT: isPEFT)
    var items: [Item] = []
    for part in extraction.parts {
      switch part.content {
      case .full:
        guard let place = tuned.index(of: part.name) else { continue }
        let tensor = tuned.tensors[place]
        var scratch = ChunkScratch()
        let bytes = try tuned.littleEndianBytes(
          of: tensor, 0..<tensor.elementCount, scratch: &scratch)
        items.append(
          try AdapterFile.item(
            naming.full(part.name), part.shape, tensor.elementType, bytes, name))
      case .factors(let factors):
        let names = try naming.factors(part, factors.rank, file: name)
        for (place, values) in [factors.a, factors.b].enumerated() {
          var bytes = [UInt8](repeating: 0, count: values.count * (type.byteCount ?? 0))
          guard FiniteCheck.allFinite(values.span, as: type) else {
            throw CheckpointError(
              .numeric, file: name, subject: "tensor \(part.name)",
              fact: "the factors overflow \(type)", remedy: "choose a wider type with --dtype")
          }
          do {
            var span = bytes.mutableSpan
            var target = unsafe span.mutableBytes
            ElementEncoding.encode(values.span, as: type, .little, into: &target)
          }
          items.append(
            try AdapterFile.item(names[place].name, names[place].shape, type, bytes, name))
        }
      }
    }
    self.items = items
    attributes =
      isPEFT
      ? [Checkpoint.Attribute(name: "format", value: "pt")]
      : [
        Checkpoint.Attribute(name: "format", value: "ctl-lora/1"),
        Checkpoint.Attribute(name: "base", value: base),
        Checkpoint.Attribute(
          name: AdapterNaming.orientationKey, value: "\(extraction.rowsAreInputs)"),
      ]
    configuration = isPEFT ? naming.configuration(base: base).text() : nil
  }

  /// Writes the tensors.
  ///
  /// - Parameters:
  ///   - output: An empty output, which the caller commits.
  ///   - writer: The format.
  /// - Throws: ``CheckpointError`` of kind `output`.
  public func write(
    to output: StagedFile, as writer: any CheckpointWriter
  ) throws(CheckpointError) {
    let file = try writer.layout(items.map(\.tensor), attributes: attributes, file: name)
    let extents = try file.prepare(output)
    for (item, extent) in zip(items, extents) {
      try output.write(unsafe item.bytes.span.bytes, at: extent.offset)
    }
    try file.finish(output)
  }

  private static func item(
    _ name: TensorName, _ shape: [Int], _ type: ElementType, _ bytes: [UInt8], _ file: String
  ) throws(CheckpointError) -> Item {
    guard let tensor = NewTensor(name: name, aliases: [], shape: shape, elementType: type) else {
      throw .unusable(file, tensor: name, "\(type) can't be stored")
    }
    return Item(tensor: tensor, bytes: bytes)
  }
}

/// Gives an adapter's tensors their names, and gathers what PEFT's configuration must say.
private struct AdapterNames {
  private let isPEFT: Bool
  private let rowsAreInputs: Bool
  /// The modules that have factors.
  private let modules: Set<String>
  private var ranks: [(module: String, rank: Int)] = []
  private var saved: [String] = []
  private var hasBias = false

  init(_ extraction: AdapterExtraction, isPEFT: Bool) {
    self.isPEFT = isPEFT
    rowsAreInputs = extraction.rowsAreInputs
    modules = Set(
      extraction.parts.compactMap { part in
        if case .factors = part.content { AdapterNaming.module(of: part.name) } else { nil }
      })
  }

  /// The name of a tensor that is stored as it is.
  mutating func full(_ name: TensorName) -> TensorName {
    guard isPEFT else { return TensorName(bytes: name.bytes + Array(".full".utf8)) }
    let text = name.text
    let dot = text.lastIndex(of: ".") ?? text.startIndex
    let (module, leaf) = (String(text[..<dot]), text[dot...])
    if leaf == ".bias" { hasBias = true }
    if modules.contains(module) {
      return TensorName("\(AdapterNaming.prefix)\(module).base_layer\(leaf)")
    }
    if saved.last != module { saved.append(module) }
    return TensorName(AdapterNaming.prefix + text)
  }

  /// The names and shapes of the factors A and B.
  mutating func factors(
    _ part: AdapterPart, _ rank: Int, file: String
  ) throws(CheckpointError) -> [(name: TensorName, shape: [Int])] {
    let isTable = rowsAreInputs
    let window = isTable ? part.shape.dropLast() : part.shape.dropFirst()
    let outputs = (isTable ? part.shape.last : part.shape.first) ?? 0
    guard isPEFT else {
      return [
        (TensorName(bytes: part.name.bytes + Array(".lora_A".utf8)), [rank, window.reduce(1, *)]),
        (TensorName(bytes: part.name.bytes + Array(".lora_B".utf8)), [outputs, rank]),
      ]
    }
    let module = try AdapterNaming.moduleForPEFT(of: part.name, file: file)
    ranks.append((module, rank))
    let stem = AdapterNaming.prefix + module
    if AdapterNaming.isEmbedding(module), part.shape.count == 2 {
      return [
        (TensorName(stem + ".lora_embedding_A"), [rank, part.shape[0]]),
        (TensorName(stem + ".lora_embedding_B"), [part.shape[1], rank]),
      ]
    }
    let ones = [Int](repeating: 1, count: part.shape.count - 2)
    return [
      (TensorName(stem + ".lora_A.weight"), [rank] + window),
      (TensorName(stem + ".lora_B.weight"), [outputs, rank] + ones),
    ]
  }

  /// What PEFT must know: the most frequent rank for all, and the exceptions.
  func configuration(base: String) -> AdapterConfiguration {
    let counts = Dictionary(grouping: ranks, by: \.rank).mapValues(\.count)
    let usual = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 1
    var configuration = AdapterConfiguration(r: usual, base: base)
    let others = ranks.filter { $0.rank != usual }
    configuration.rankPattern = Dictionary(
      others.map { ($0.module, $0.rank) }, uniquingKeysWith: max)
    configuration.alphaPattern = configuration.rankPattern?.mapValues(Double.init)
    configuration.targetModules = ranks.map(\.module)
    configuration.modulesToSave = saved.isEmpty ? nil : saved
    configuration.bias = hasBias ? "all" : "none"
    configuration.fanInFanOut = rowsAreInputs
    return configuration
  }
}

public import Checkpoints
import Kernels
import Synchronization

/// How models lie to one another and to the base from which they were tuned: tensor by tensor, layer
/// by layer and as a whole.
///
/// Values are read in tiles, three times for most tensors; memory depends neither on their size nor
/// on the threads' pace. Figures are the same bits whatever the number of threads.
public struct CheckpointGeometry: Sendable {
  /// What is measured, and how.
  public struct Settings: Sendable {
    /// The shares of elements that task vectors are trimmed to before their signs are compared.
    public var densities = [1, 0.5, 0.2, 0.1]
    /// Whether a tensor of this name takes part.
    public var selects: @Sendable (TensorName) -> Bool = { _ in true }
    /// The number of threads.
    public var threads: Int

    /// Settings with everything but the threads at its default.
    public init(threads: Int) {
      self.threads = threads
    }
  }

  /// The figures of a tensor.
  public struct Tensor: Sendable {
    /// The tensor's name.
    public let name: TensorName
    /// The layer that owns it, by the file's word or by the name.
    public let layer: String
    /// Its shape.
    public let shape: [Int]
    /// The figures.
    public let figures: GeometryFigures
  }

  /// The figures of a layer's tensors together.
  public struct Layer: Sendable {
    /// The layer's name.
    public let name: String
    /// The figures.
    public let figures: GeometryFigures
  }

  /// A tensor that wasn't measured.
  public struct Skipped: Sendable {
    /// The tensor's name.
    public let name: TensorName
    /// The file that is the reason.
    public let file: String
    /// Why, worded to follow the tensor's name.
    public let reason: String
  }

  /// The figures by tensor, in the order of the first file.
  public let tensors: [Tensor]
  /// The figures by layer, in the order of their first tensors.
  public let layers: [Layer]
  /// The figures of all tensors together.
  public let whole: GeometryFigures
  /// What wasn't measured.
  public let skipped: [Skipped]
  /// Whether the models share an origin.
  public let origin: OriginVerdict

  /// The most densities that one survey takes.
  public static let mostDensities = 16

  /// Measures.
  ///
  /// - Parameters:
  ///   - models: One model or more with a base, else two or more; a task vector stands for base + τ.
  ///   - base: The pretrained model, or nil.
  ///   - settings: What is measured.
  ///   - progress: Told of the elements done so far and in all, from any thread.
  /// - Throws: ``CheckpointError`` where inputs can't be used or share no tensor.
  public init(
    _ models: [Checkpoint], base: Checkpoint?, settings: Settings,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    let inputs = (base.map { [$0] } ?? []) + models
    let hasBase = base != nil
    let kinds = inputs.map(Provenance.kind(of:))
    try Self.check(inputs, kinds, hasBase: hasBase, settings.densities)
    let matching = GeometryMatching(inputs, selects: settings.selects)
    let readers = matching.common.map { places in
      TensorReader(inputs, places: places, kinds: kinds, threads: settings.threads)
    }
    let total = readers.reduce(0) { $0 + $1.elementCount }
    let done = Atomic(0)
    let found = Mutex(
      [Result<GeometrySums, CheckpointError>?](repeating: nil, count: readers.count))
    // Small tensors side by side, large ones one after the other on all threads.
    let (small, large) = readers.indices.reduce(into: ([Int](), [Int]())) { lists, place in
      if readers[place].elementCount <= TensorReader.sectionCount {
        lists.0.append(place)
      } else {
        lists.1.append(place)
      }
    }
    let measure: @Sendable (Int, Int) throws(CheckpointError) -> Void = {
      (place, threads) throws(CheckpointError) in
      var reader = readers[place]
      reader.threads = threads
      let result: Result<GeometrySums, CheckpointError>
      do throws(CheckpointError) {
        result = .success(
          try GeometrySums(of: reader, densities: settings.densities, hasBase: hasBase))
      } catch {
        // A model that holds NaN is what a survey is asked about; it says so and goes on.
        guard error.kind == .numeric else { throw error }
        result = .failure(error)
      }
      found.withLock { $0[place] = result }
      progress(done.wrappingAdd(reader.elementCount, ordering: .relaxed).newValue, total)
    }
    try forEachConcurrently(count: small.count, threads: settings.threads, makeState: { () }) {
      (index, _) throws(CheckpointError) in
      try measure(small[index], 1)
    }
    for place in large { try measure(place, settings.threads) }

    let nothing = GeometrySums(
      modelCount: models.count, hasBase: hasBase, densities: settings.densities)
    var collection = GeometryCollection(nothing)
    var skipped = matching.skipped
    for (place, result) in found.withLock({ $0 }).enumerated() {
      let tensor = inputs[0].tensors[matching.common[place][0]]
      switch result {
      case .success(let sums): collection.add(sums, of: tensor)
      case .failure(let error):
        skipped.append(
          Skipped(name: tensor.name, file: error.file ?? inputs[0].file.name, reason: error.fact))
      case nil: break
      }
    }
    guard !collection.tensors.isEmpty else { throw Self.nothingMeasured(inputs[0], skipped) }
    tensors = collection.tensors
    layers = collection.layers.map { Layer(name: $0.name, figures: GeometryFigures($0.sums)) }
    whole = GeometryFigures(collection.whole)
    origin = OriginVerdict(collection.matrices, layers: collection.layerMatrices)
    self.skipped = skipped
  }

  private static func check(
    _ inputs: [Checkpoint], _ kinds: [SourceKind], hasBase: Bool, _ densities: [Double]
  ) throws(CheckpointError) {
    if inputs.count < 2 {
      throw CheckpointError(
        .usage, subject: "stats", fact: "needs two models, or one and its base",
        remedy: "name another model, or the pretrained one with --base")
    }
    if densities.count > mostDensities || !densities.allSatisfy({ $0 > 0 && $0 <= 1 }) {
      throw CheckpointError(
        .usage, subject: "--densities", fact: "are shares of elements, at most \(mostDensities)",
        remedy: "give numbers above 0 and up to 1, such as 1,0.5,0.2")
    }
    if hasBase, kinds[0] == .taskVector {
      throw .unusable(
        inputs[0].file.name, "is a task vector, not a model",
        remedy: "name the pretrained model with --base")
    }
    if !hasBase, let vector = kinds.firstIndex(of: .taskVector) {
      throw .unusable(
        inputs[vector].file.name, "is a task vector", remedy: "name its base with --base")
    }
  }

  private static func nothingMeasured(
    _ first: Checkpoint, _ skipped: [Skipped]
  ) -> CheckpointError {
    let reasons = skipped.prefix(4).map { "\n  \($0.file): tensor \($0.name): \($0.reason)" }
      .joined()
    return .unusable(
      first.file.name, "has no weights that can be compared with the others'" + reasons,
      remedy: "see what the files hold with: ctl-merge inspect FILE")
  }
}

/// The sums of tensors, gathered by layer and as a whole.
private struct GeometryCollection {
  private let nothing: GeometrySums
  private(set) var tensors: [CheckpointGeometry.Tensor] = []
  private(set) var layers: [(name: String, sums: GeometrySums)] = []
  private(set) var layerMatrices: [(name: String, sums: GeometrySums)] = []
  private(set) var whole: GeometrySums
  private(set) var matrices: GeometrySums
  private var places: [String: Int] = [:]

  init(_ nothing: GeometrySums) {
    self.nothing = nothing
    whole = nothing
    matrices = nothing
  }

  mutating func add(_ sums: GeometrySums, of tensor: Checkpoints.Tensor) {
    let layer = tensor.layer ?? parent(of: tensor.name)
    let place = places[layer] ?? layers.count
    if place == layers.count {
      places[layer] = place
      layers.append((layer, nothing))
      layerMatrices.append((layer, nothing))
    }
    tensors.append(
      CheckpointGeometry.Tensor(
        name: tensor.name, layer: layer, shape: tensor.shape, figures: GeometryFigures(sums)))
    layers[place].sums.add(sums)
    whole.add(sums)
    if tensor.role == .weight, tensor.shape.count(where: { $0 > 1 }) >= 2 {
      layerMatrices[place].sums.add(sums)
      matrices.add(sums)
    }
  }

  /// The name without its last component, which is what names of layers are made of.
  private func parent(of name: TensorName) -> String {
    let text = name.text
    guard let end = text.lastIndex(where: { $0 == "/" || $0 == "." }), end > text.startIndex else {
      return text
    }
    return String(text[..<end])
  }
}

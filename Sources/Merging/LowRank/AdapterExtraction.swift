public import Checkpoints
import Kernels
import Synchronization

/// What a fine-tuning changed, as an adapter of low rank: the truncated singular value decomposition
/// of τ = tuned - base, which is the closest matrix of its rank (Eckart and Young, 1936).
///
/// A matrix is decomposed in memory, one a thread; factors are kept until the adapter is written.
public struct AdapterExtraction: Sendable {
  /// What is extracted.
  public struct Settings: Sendable {
    /// How many singular values are kept.
    public var rank: RankChoice
    /// Whether what isn't a matrix is stored as it is, if it changed.
    public var keepsOthers = true
    /// Whether stored matrices have their inputs along the rows; nil to go by the base's format.
    public var rowsAreInputs: Bool?
    /// Whether the adapter will have PEFT's form, in which tables of embeddings have their inputs
    /// along the rows whatever other weights do.
    public var isForPEFT = false
    /// Whether a tensor of this name takes part.
    public var selects: @Sendable (TensorName) -> Bool = { _ in true }
    /// The number of threads.
    public var threads: Int

    /// Settings with everything else at its default.
    public init(rank: RankChoice, threads: Int) {
      self.rank = rank
      self.threads = threads
    }
  }

  /// What the adapter holds, in the base's order.
  public let parts: [AdapterPart]
  /// The tensors that are equal in both models.
  public let unchanged: [TensorName]
  /// The tensors that changed and were left out.
  public let leftOut: [TensorName]
  /// Whether matrices are stored with their inputs along the rows.
  public let rowsAreInputs: Bool

  /// Extracts.
  ///
  /// - Parameters:
  ///   - tuned: The tuned model.
  ///   - base: The model from which it was tuned.
  ///   - settings: What is extracted.
  ///   - progress: Told of the elements done so far and in all, from any thread.
  /// - Throws: ``CheckpointError`` where the models don't fit, nothing changed, or the rank is beyond
  ///   all matrices.
  public init(
    _ tuned: Checkpoint, base: Checkpoint, settings: Settings,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    try settings.rank.check()
    let inRows = settings.rowsAreInputs ?? AdapterExtraction.hasInputsInRows(base)
    let inputs = [base, tuned]
    let kinds = inputs.map(Provenance.kind(of:))
    let matching = GeometryMatching(inputs, selects: settings.selects)
    if let skipped = matching.skipped.first {
      throw .unusable(
        skipped.file, tensor: skipped.name, skipped.reason,
        remedy: "name models of one architecture, or leave it out with --exclude")
    }
    let readers = matching.common.map {
      TensorReader(inputs, places: $0, kinds: kinds, threads: 1)
    }
    try AdapterExtraction.check(settings.rank, against: readers, inRows: inRows, base)
    if settings.isForPEFT {
      for reader in readers where WeightMatrix(shape: reader.shape, rowsAreInputs: inRows) != nil {
        _ = try AdapterNaming.moduleForPEFT(of: reader.name, file: base.file.name)
      }
    }
    let total = readers.reduce(0) { $0 + $1.elementCount }
    let done = Atomic(0)
    let found = Mutex([AdapterPart?](repeating: nil, count: readers.count))
    try forEachConcurrently(count: readers.count, threads: settings.threads, makeState: { () }) {
      (place, _) throws(CheckpointError) in
      let reader = readers[place]
      let isTable =
        settings.isForPEFT && AdapterNaming.isEmbedding(AdapterNaming.module(of: reader.name) ?? "")
      let part = try AdapterExtraction.part(
        reader, rank: settings.rank,
        matrix: WeightMatrix(shape: reader.shape, rowsAreInputs: inRows || isTable))
      found.withLock { $0[place] = part }
      progress(done.wrappingAdd(reader.elementCount, ordering: .relaxed).newValue, total)
    }
    var parts: [AdapterPart] = []
    var unchanged: [TensorName] = []
    var leftOut: [TensorName] = []
    for (reader, part) in zip(readers, found.withLock { $0 }) {
      guard let part else {
        unchanged.append(reader.name)
        continue
      }
      if case .full = part.content, !settings.keepsOthers {
        leftOut.append(part.name)
      } else {
        parts.append(part)
      }
    }
    guard !parts.isEmpty else {
      throw .unusable(
        tuned.file.name, "differs in no weight from \(base.file.name)",
        remedy: "name the tuned model first, and its base with --base")
    }
    self.parts = parts
    self.unchanged = unchanged
    self.leftOut = leftOut
    rowsAreInputs = inRows
  }

  /// Whether a format's matrices have their inputs along the rows, as Keras's do.
  private static func hasInputsInRows(_ base: Checkpoint) -> Bool {
    base.format.hasPrefix("keras") || base.format == "hdf5"
  }

  /// Refuses a rank that no matrix can have.
  private static func check(
    _ choice: RankChoice, against readers: [TensorReader], inRows: Bool, _ base: Checkpoint
  ) throws(CheckpointError) {
    guard case .fixed(let rank) = choice else { return }
    let ranks = readers.compactMap { reader in
      WeightMatrix(shape: reader.shape, rowsAreInputs: inRows).map { min($0.rows, $0.columns) }
    }
    guard let greatest = ranks.max(), rank > greatest else { return }
    throw CheckpointError(
      .usage, file: base.file.name, subject: "--rank",
      fact: "is \(rank), but no matrix has a rank above \(greatest)",
      remedy: "give a smaller rank")
  }

  /// What the adapter holds of a tensor; nil where it didn't change.
  private static func part(
    _ reader: TensorReader, rank: RankChoice, matrix: WeightMatrix?
  ) throws(CheckpointError) -> AdapterPart? {
    guard let matrix else {
      let differs = try reader.reduce(ChangeSearch()) { (search, tile) throws(CheckpointError) in
        search.add(tile)
      } merge: {
        $0.hasChanged = $0.hasChanged || $1.hasChanged
      }.hasChanged
      return differs ? AdapterPart(name: reader.name, shape: reader.shape, content: .full) : nil
    }
    let change = try reader.reduce(ChangeCopy()) { (copy, tile) throws(CheckpointError) in
      copy.add(tile)
    } merge: {
      $0.values += $1.values
    }.values
    if change.allSatisfy({ $0 == 0 }) { return nil }
    let singular: SingularValues
    do throws(CheckpointError) {
      singular = try SingularValues(change, rows: matrix.rows, columns: matrix.columns)
    } catch {
      throw CheckpointError(
        error.kind, subject: "tensor \(reader.name)", fact: error.fact, remedy: error.remedy)
    }
    let kept = rank.rank(of: singular.values)
    let (left, right) = singular.factors(rank: kept)
    let total = RankChoice.energy(of: singular.values[...])
    let rest = RankChoice.energy(of: singular.values[kept...])
    let inRows = matrix.rowsAreInputs
    return AdapterPart(
      name: reader.name, shape: reader.shape,
      content: .factors(
        AdapterPart.Factors(
          rank: kept, fullRank: singular.values.count, energy: 1 - rest / total,
          relativeError: (rest / total).squareRoot(), norm: total.squareRoot(),
          a: inRows
            ? WeightMatrix.transposed(left, rows: matrix.rows, columns: kept) : right,
          b: inRows ? WeightMatrix.transposed(right, rows: kept, columns: matrix.columns) : left)))
  }
}

/// Looks for an element that changed.
private struct ChangeSearch: Sendable {
  var hasChanged = false
  private var tasks = TaskTile()

  mutating func add(_ tile: borrowing SourceTile) {
    if hasChanged { return }
    tasks.load(tile, 0..<tile.count)
    let tasks = tasks
    let vector = tasks.values.span.extracting(tasks.range(0))
    for place in vector.indices where vector[place] != 0 {
      hasChanged = true
      return
    }
  }
}

/// Collects the change of a whole matrix.
private struct ChangeCopy: Sendable {
  var values: [Double] = []
  private var tasks = TaskTile()

  mutating func add(_ tile: borrowing SourceTile) {
    tasks.load(tile, 0..<tile.count)
    values += tasks.values[tasks.range(0)]
  }
}

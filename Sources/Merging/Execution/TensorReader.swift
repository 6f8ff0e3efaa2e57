package import Checkpoints
import Kernels
import Synchronization

/// One tensor in all of a method's inputs, to be read as often as the method needs.
package struct TensorReader: Sendable {
  /// The elements of a section, unless a unit is longer.
  ///
  /// A tensor is reduced section by section, and the sections' partial results are put together in
  /// order, so that neither threads nor buffers change a bit.
  package static let sectionCount = 1 << 20

  /// The tensor's name in the output.
  package let name: TensorName
  /// The tensor's shape.
  package let shape: [Int]
  /// What each input holds.
  package private(set) var kinds: [SourceKind]
  /// The statistics of each source alone, for methods that weigh by them.
  package let statistics: [TensorReader]
  private var operands: [TileSource.Operand]
  /// Makes tiles of what is stored, where that isn't what the method takes; and what is stored.
  private var mapping: (tiles: OperandTiles, kinds: [SourceKind])?
  private let refusesNonFinite: Bool
  /// The threads that may read it.
  var threads: Int

  init(_ merge: TensorMerge, tensor: Tensor, plan: MergePlan, threads: Int) {
    name = tensor.name
    shape = tensor.shape
    kinds = merge.operands.map { plan.kinds[$0.input] }
    let refusesNonFinite = plan.recipe.nonFinite == .error
    func operand(_ operand: TensorMerge.Operand) -> TileSource.Operand {
      TileSource.Operand(checkpoint: plan.inputs[operand.input], place: operand.place)
    }
    operands = merge.operands.map(operand)
    statistics = merge.statistics.map {
      TensorReader(operand($0), refusesNonFinite: refusesNonFinite, threads: threads)
    }
    self.refusesNonFinite = refusesNonFinite
    self.threads = threads
  }

  /// One tensor of one input.
  private init(_ operand: TileSource.Operand, refusesNonFinite: Bool, threads: Int) {
    name = operand.tensor.name
    shape = operand.tensor.shape
    kinds = [.model]
    statistics = []
    operands = [operand]
    self.refusesNonFinite = refusesNonFinite
    self.threads = threads
  }

  /// The name of the first input's file, for messages.
  package var fileName: String { operands[0].checkpoint.file.name }

  /// A tensor of checkpoints that aren't merged; its values have to be finite.
  ///
  /// - Parameters:
  ///   - inputs: The checkpoints; the first gives name and shape.
  ///   - places: The tensor's place in each.
  ///   - kinds: What each input holds.
  ///   - threads: The threads that may read it.
  init(_ inputs: [Checkpoint], places: [Int], kinds: [SourceKind], threads: Int) {
    name = inputs[0].tensors[places[0]].name
    shape = inputs[0].tensors[places[0]].shape
    self.kinds = kinds
    statistics = []
    operands = zip(inputs, places).map { TileSource.Operand(checkpoint: $0, place: $1) }
    refusesNonFinite = true
    self.threads = threads
  }

  /// The same tensor in some neighbouring inputs only.
  func selecting(_ inputs: Range<Int>) -> TensorReader {
    var reader = self
    reader.operands = Array(operands[inputs])
    reader.kinds = Array(kinds[inputs])
    return reader
  }

  /// The same tensor as a method sees it whose operands are merged from what is stored.
  func mapped(by tiles: OperandTiles) -> TensorReader {
    var reader = self
    reader.mapping = (tiles, kinds)
    reader.kinds = tiles.kinds(kinds)
    return reader
  }

  /// The number of elements.
  package var elementCount: Int { shape.reduce(1, *) }

  /// Reduces all elements to one value.
  ///
  /// - Parameters:
  ///   - initial: What a section begins with.
  ///   - unit: How many neighbouring elements a tile holds together: the length of a row for methods
  ///     that look at rows.
  ///   - add: Takes up the next tile of a section; all tiles but a section's last have the same
  ///     count: 1,024 where the unit is 1.
  ///   - merge: Takes up the next section.
  /// - Returns: What the sections, in order, add up to.
  /// - Throws: ``CheckpointError`` where values can't be read, or aren't finite and have to be.
  package func reduce<Partial: Sendable>(
    _ initial: Partial, unit: Int = 1,
    _ add: @Sendable (inout Partial, borrowing SourceTile) throws(CheckpointError) -> Void,
    merge: @Sendable (inout Partial, Partial) -> Void
  ) throws(CheckpointError) -> Partial {
    let count = elementCount
    let section = section(unit: unit)
    let sections = (count + section - 1) / section
    let progress = Mutex((total: initial, next: 0, early: [Int: Partial]()))
    try forEachConcurrently(
      count: sections, threads: threads,
      makeState: { tileSource(unit: unit) }
    ) { (place, source: inout TileSource) throws(CheckpointError) in
      let start = place * section
      var partial = initial
      try forEachTile(start..<min(start + section, count), of: &source) {
        (tile: borrowing SourceTile) throws(CheckpointError) in
        try add(&partial, tile)
      }
      progress.withLock { progress in
        progress.early[place] = partial
        while let next = progress.early.removeValue(forKey: progress.next) {
          if progress.next == 0 { progress.total = next } else { merge(&progress.total, next) }
          progress.next += 1
        }
      }
    }
    return progress.withLock { $0.total }
  }

  /// All elements of one input, for methods that need a tensor as a whole.
  ///
  /// - Throws: ``CheckpointError`` where values can't be read, or aren't finite and have to be.
  package func values(of input: Int) throws(CheckpointError) -> [Double] {
    let alone = mapping == nil ? selecting(input..<input + 1) : self
    let place = mapping == nil ? 0 : input
    var values: [Double] = []
    values.reserveCapacity(elementCount)
    try alone.forEachTile(0..<elementCount) {
      (tile: borrowing SourceTile) throws(CheckpointError) in
      values.append(contentsOf: tile.values[tile.range(place)])
    }
    return values
  }

  /// Calls `body` with a range of elements, tile by tile, on this thread.
  ///
  /// - Parameters:
  ///   - elements: The range.
  ///   - isRepeated: Whether an earlier pass has looked whether all values are finite.
  ///   - body: Takes up a tile.
  /// - Throws: ``CheckpointError`` where values can't be read, or aren't finite and have to be.
  func forEachTile(
    _ elements: Range<Int>, isRepeated: Bool = false,
    _ body: (borrowing SourceTile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    var source = tileSource(unit: 1)
    try forEachTile(elements, of: &source, isRepeated: isRepeated, body)
  }

  /// The elements of a section that consists of whole units.
  func section(unit: Int = 1) -> Int {
    let unit = max(unit, mapping?.tiles.unit ?? 1)
    return max(unit, Self.sectionCount / unit * unit)
  }

  private func tileSource(unit: Int) -> TileSource {
    TileSource(
      operands, kinds: mapping?.kinds ?? kinds, unit: max(unit, mapping?.tiles.unit ?? 1))
  }

  private func forEachTile(
    _ elements: Range<Int>, of source: inout TileSource, isRepeated: Bool = false,
    _ body: (borrowing SourceTile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try source.forEachTile(elements) { (tile: borrowing SourceTile) throws(CheckpointError) in
      if refusesNonFinite, !isRepeated { try checkFinite(tile) }
      if let mapping { try body(try mapping.tiles(tile)) } else { try body(tile) }
    }
  }

  private func checkFinite(_ tile: borrowing SourceTile) throws(CheckpointError) {
    let values = tile.values.span
    for (source, operand) in operands.enumerated()
    where !FiniteCheck.allFinite(values.extracting(tile.range(source))) {
      throw .notFinite(operand.checkpoint, operand.tensor.name)
    }
  }
}

extension CheckpointError {
  /// Says that an input's values aren't finite.
  static func notFinite(_ checkpoint: Checkpoint, _ tensor: TensorName) -> CheckpointError {
    CheckpointError(
      .numeric, file: checkpoint.file.name, subject: "tensor \(tensor)",
      fact: "holds NaN or infinite values",
      remedy: "leave it out with --exclude, or use --non-finite allow to merge it as it is")
  }
}

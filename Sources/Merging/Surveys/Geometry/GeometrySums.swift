import Checkpoints
import Kernels

/// What is added up of some tensors to tell how their task vectors lie.
struct GeometrySums: Sendable {
  /// Whether there is a base.
  let hasBase: Bool
  /// The inner products; with a base it is the first vector, and the others are task vectors.
  private(set) var all: GramMatrix
  /// In how many elements each model differs from the base.
  private(set) var changed: [Int]
  /// The conflicts of signs by density.
  private(set) var conflicts: [GeometryFigures.SignConflicts]
  private(set) var elementCount = 0

  /// The sums of no tensor.
  init(modelCount: Int, hasBase: Bool, densities: [Double]) {
    self.hasBase = hasBase
    all = GramMatrix(count: modelCount + (hasBase ? 1 : 0))
    changed = hasBase ? [Int](repeating: 0, count: modelCount) : []
    conflicts = hasBase ? densities.map { GeometryFigures.SignConflicts(density: $0) } : []
  }

  /// The inner products of the task vectors, or of the models where there is no base.
  var vectors: GramMatrix { hasBase ? all.dropping(1) : all }

  /// Adds the sums of further tensors.
  mutating func add(_ other: GeometrySums) {
    all.add(other.all)
    for k in changed.indices { changed[k] += other.changed[k] }
    for d in conflicts.indices {
      conflicts[d].kept += other.conflicts[d].kept
      conflicts[d].shared += other.conflicts[d].shared
      conflicts[d].conflicts += other.conflicts[d].conflicts
    }
    elementCount += other.elementCount
  }

  /// Sums up one tensor in up to four passes, most often three.
  ///
  /// - Parameters:
  ///   - tensor: The tensor in the base, if there is one, and in the models.
  ///   - densities: The shares of elements that task vectors are trimmed to.
  ///   - hasBase: Whether the first input is a base.
  /// - Throws: ``CheckpointError`` where values can't be read or aren't finite.
  init(
    of tensor: TensorReader, densities: [Double], hasBase: Bool
  ) throws(CheckpointError) {
    let count = tensor.elementCount
    let modelCount = tensor.kinds.count - (hasBase ? 1 : 0)
    self.init(modelCount: modelCount, hasBase: hasBase, densities: densities)
    elementCount = count
    let kept = densities.map { $0 >= 1 ? count : max(1, Int($0 * Double(count))) }
    // Which of the elements that are zero are kept makes no difference: they have no sign.
    var selections = [RankSelection](
      repeating: RankSelection(
        keeping: kept, of: count, by: .magnitude, distinguishingZeros: false),
      count: hasBase ? modelCount : 0)
    let sums = try tensor.reduce(
      ProductPass(
        all: all, changed: changed, ranks: selections.map(\.emptyPass), hasBase: hasBase)
    ) { (pass, tile) throws(CheckpointError) in
      pass.add(tile)
    } merge: {
      $0.add($1)
    }
    all = sums.all
    changed = sums.changed
    for k in selections.indices { selections[k].advance(with: sums.ranks[k]) }
    while selections.contains(where: { !$0.isComplete }) {
      let passes = try tensor.reduce(RankSearch(ranks: selections.map(\.emptyPass))) {
        (pass, tile) throws(CheckpointError) in
        pass.add(tile)
      } merge: {
        $0.add($1)
      }
      for k in selections.indices { selections[k].advance(with: passes.ranks[k]) }
    }
    guard hasBase, modelCount > 1 || !densities.isEmpty else { return }
    let cutoffs = selections.map(\.cutoffs)
    conflicts =
      try tensor.reduce(ConflictPass(conflicts: conflicts)) {
        (pass, tile) throws(CheckpointError) in
        pass.add(tile, cutoffs: cutoffs)
      } merge: {
        $0.add($1)
      }.conflicts
  }
}

/// The first pass: inner products, changes, and the beginning of the search for cutoffs.
private struct ProductPass: Sendable {
  var all: GramMatrix
  var changed: [Int]
  var ranks: [RankPass]
  let hasBase: Bool
  private var tasks = TaskTile()
  private var vectors: [Double] = []

  init(all: GramMatrix, changed: [Int], ranks: [RankPass], hasBase: Bool) {
    self.all = all
    self.changed = changed
    self.ranks = ranks
    self.hasBase = hasBase
  }

  mutating func add(_ tile: borrowing SourceTile) {
    let (count, values) = (tile.count, tile.values.span)
    guard hasBase else {
      all.add(tile: values, stride: tile.stride, count: count)
      return
    }
    tasks.load(tile, 0..<count)
    let tasks = tasks
    let own = tasks.values.span
    var vectors: [Double] = []
    swap(&vectors, &self.vectors)
    if vectors.count < tile.sourceCount * count {
      vectors = [Double](repeating: 0, count: tile.sourceCount * count)
    }
    do {
      var target = vectors.mutableSpan
      var base = target._mutatingExtracting(0..<count)
      LinearCombination.assign(values.extracting(0..<count), scaledBy: 1, to: &base)
      for k in 0..<tasks.sourceCount {
        var vector = target._mutatingExtracting((k + 1) * count..<(k + 2) * count)
        LinearCombination.assign(own.extracting(tasks.range(k)), scaledBy: 1, to: &vector)
      }
    }
    all.add(tile: vectors.span, stride: count, count: count)
    self.vectors = vectors
    for k in 0..<tasks.sourceCount {
      let vector = own.extracting(tasks.range(k))
      var differing = 0
      for place in vector.indices { differing &+= vector[place] == 0 ? 0 : 1 }
      changed[k] += differing
      ranks[k].add(vector, firstIndex: tile.firstElement)
    }
  }

  mutating func add(_ other: ProductPass) {
    all.add(other.all)
    for k in changed.indices {
      changed[k] += other.changed[k]
      ranks[k].add(other.ranks[k])
    }
  }
}

/// A further pass in search of the cutoffs.
private struct RankSearch: Sendable {
  var ranks: [RankPass]
  private var tasks = TaskTile()

  init(ranks: [RankPass]) {
    self.ranks = ranks
  }

  mutating func add(_ tile: borrowing SourceTile) {
    tasks.load(tile, 0..<tile.count)
    let tasks = tasks
    for k in 0..<tasks.sourceCount {
      ranks[k].add(
        tasks.values.span.extracting(tasks.range(k)), firstIndex: tile.firstElement)
    }
  }

  mutating func add(_ other: RankSearch) {
    for k in ranks.indices { ranks[k].add(other.ranks[k]) }
  }
}

/// The last pass: the signs of what each task vector keeps, a bit for each density.
private struct ConflictPass: Sendable {
  var conflicts: [GeometryFigures.SignConflicts]
  private var tasks = TaskTile()

  init(conflicts: [GeometryFigures.SignConflicts]) {
    self.conflicts = conflicts
  }

  mutating func add(_ tile: borrowing SourceTile, cutoffs: [[Cutoff]]) {
    tasks.load(tile, 0..<tile.count)
    let tasks = tasks
    var marks = [Marks](repeating: Marks(), count: tile.count)
    for k in cutoffs.indices {
      let vector = tasks.values.span.extracting(tasks.range(k))
      for place in vector.indices where vector[place] != 0 {
        let value = vector[place]
        var bits: UInt32 = 0
        for (density, cutoff) in cutoffs[k].enumerated()
        where cutoff.keeps(value, at: tile.firstElement + place) {
          bits |= 1 << UInt32(density)
        }
        marks[place].add(bits, isPositive: value > 0)
      }
    }
    for density in conflicts.indices {
      let bit: UInt32 = 1 << UInt32(density)
      var (kept, shared, opposed) = (0, 0, 0)
      for mark in marks {
        kept &+= (mark.positive | mark.negative) & bit == 0 ? 0 : 1
        shared &+= mark.shared & bit == 0 ? 0 : 1
        opposed &+= mark.positive & mark.negative & bit == 0 ? 0 : 1
      }
      conflicts[density].kept += kept
      conflicts[density].shared += shared
      conflicts[density].conflicts += opposed
    }
  }

  mutating func add(_ other: ConflictPass) {
    for density in conflicts.indices {
      conflicts[density].kept += other.conflicts[density].kept
      conflicts[density].shared += other.conflicts[density].shared
      conflicts[density].conflicts += other.conflicts[density].conflicts
    }
  }
}

/// The densities at which some task vector keeps an element with either sign, a bit for each.
private struct Marks {
  var positive: UInt32 = 0
  var negative: UInt32 = 0
  /// The densities at which two or more keep it.
  var shared: UInt32 = 0

  mutating func add(_ bits: UInt32, isPositive: Bool) {
    shared |= (positive | negative) & bits
    if isPositive { positive |= bits } else { negative |= bits }
  }
}

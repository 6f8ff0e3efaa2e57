public import Checkpoints
import Kernels
import Synchronization

/// How two checkpoints differ, tensor by tensor; names decide what is compared with what.
public struct CheckpointDifference: Sendable {
  /// A tensor whose values differ by more than the tolerance.
  public struct Tensor: Sendable {
    /// The tensor's name.
    public let name: TensorName
    /// The greatest distance of two values; nil where elements are no numbers.
    public let maximumAbsolute: Double?
    /// The greatest distance in relation to the larger of the two magnitudes.
    public let maximumRelative: Double?
    /// The root of the mean squared distance.
    public let rootMeanSquare: Double?
    /// The cosine of the angle between the two tensors; nil where one is zero.
    public let cosine: Double?
    /// The number of elements that differ by more than the tolerance.
    public let count: Int
  }

  /// A tensor that can't be compared.
  public struct Obstacle: Sendable {
    /// The tensor's name.
    public let name: TensorName
    /// Why.
    public let reason: String
    /// Whether this makes the files different; else it is merely unknown.
    public let isDifference: Bool
  }

  /// The names that only the first file has.
  public private(set) var onlyInFirst: [TensorName] = []
  /// The names that only the second file has.
  public private(set) var onlyInSecond: [TensorName] = []
  /// What can't be compared.
  public private(set) var obstacles: [Obstacle] = []
  /// The tensors whose values differ.
  public private(set) var different: [Tensor] = []
  /// The number of tensors that were compared.
  public private(set) var comparedCount = 0

  /// Whether everything could be compared and nothing differs.
  public var isEqual: Bool {
    onlyInFirst.isEmpty && onlyInSecond.isEmpty && obstacles.isEmpty && different.isEmpty
  }

  /// Whether a difference was found, as opposed to something that couldn't be compared.
  public var isDifferent: Bool {
    !onlyInFirst.isEmpty || !onlyInSecond.isEmpty || !different.isEmpty
      || obstacles.contains(where: \.isDifference)
  }

  /// Compares two checkpoints.
  ///
  /// - Parameters:
  ///   - first: A checkpoint.
  ///   - second: Another one.
  ///   - tolerance: The distance up to which two values count as equal.
  ///   - selects: Whether a tensor of this name takes part.
  ///   - threads: The number of threads.
  /// - Throws: ``CheckpointError`` where a file is damaged.
  public init(
    _ first: Checkpoint, _ second: Checkpoint, tolerance: Double,
    selects: (TensorName) -> Bool, threads: Int
  ) throws(CheckpointError) {
    var pairs: [(Checkpoints.Tensor, Checkpoints.Tensor)] = []
    for tensor in first.tensors where selects(tensor.name) {
      guard let place = second.index(of: tensor.name) else {
        onlyInFirst.append(tensor.name)
        continue
      }
      let other = second.tensors[place]
      if other.shape != tensor.shape {
        let reason = "shapes differ: \(shapeText(tensor.shape)) and \(shapeText(other.shape))"
        obstacles.append(Obstacle(name: tensor.name, reason: reason, isDifference: true))
      } else if let reason = CheckpointDifference.obstacle(tensor, other) {
        obstacles.append(reason)
      } else {
        pairs.append((tensor, other))
      }
    }
    for tensor in second.tensors where selects(tensor.name) && first.index(of: tensor.name) == nil {
      onlyInSecond.append(tensor.name)
    }
    comparedCount = pairs.count
    let found = Mutex([Tensor?](repeating: nil, count: pairs.count))
    let compared = pairs
    try forEachConcurrently(
      count: compared.count, threads: threads, makeState: { (ChunkScratch(), ChunkScratch()) }
    ) { (index, scratch: inout (ChunkScratch, ChunkScratch)) throws(CheckpointError) in
      let (a, b) = compared[index]
      let result = try CheckpointDifference.compare(
        a, in: first, b, in: second, tolerance: tolerance, scratch: &scratch)
      found.withLock { $0[index] = result }
    }
    different = found.withLock { $0.compactMap(\.self) }
  }

  /// Why two tensors of one shape can't be compared, or nil.
  private static func obstacle(
    _ a: Checkpoints.Tensor, _ b: Checkpoints.Tensor
  ) -> Obstacle? {
    if (a.numbers == nil) != (b.numbers == nil)
      || (a.numbers == nil && a.elementType != b.elementType)
      || a.numbers?.perElement != b.numbers?.perElement
    {
      let reason = "types differ: \(a.elementType) and \(b.elementType)"
      return Obstacle(name: a.name, reason: reason, isDifference: true)
    }
    for tensor in [a, b] {
      guard case .unsupported(let reason) = tensor.storage else { continue }
      return Obstacle(name: a.name, reason: reason, isDifference: false)
    }
    return nil
  }

  /// The difference of two tensors, or nil where they are equal within the tolerance.
  private static func compare(
    _ a: Checkpoints.Tensor, in first: Checkpoint, _ b: Checkpoints.Tensor, in second: Checkpoint,
    tolerance: Double, scratch: inout (ChunkScratch, ChunkScratch)
  ) throws(CheckpointError) -> Tensor? {
    var differences = Differences(tolerance: tolerance)
    var unequalElements = 0
    // Float64 can't tell neighbouring 64-bit integers apart, and opaque elements are no numbers.
    let comparesBytes =
      a.elementType == b.elementType && (a.numbers == nil || a.elementType.isInteger)
    try first.forEachBlock(of: a, scratch: &scratch.0) {
      (elements, left) throws(CheckpointError) in
      let right = try second.littleEndianBytes(of: b, elements, scratch: &scratch.1)
      if let x = a.decoded(left), let y = b.decoded(right) { differences.add(x.span, y.span) }
      guard comparesBytes, left != right else { return }
      let size = a.elementSize
      for start in stride(from: 0, to: left.count, by: max(size, 1))
      where left[start..<start + size] != right[start..<start + size] {
        unequalElements += 1
      }
    }
    if a.numbers == nil {
      guard unequalElements > 0 else { return nil }
      return Tensor(
        name: a.name, maximumAbsolute: nil, maximumRelative: nil, rootMeanSquare: nil, cosine: nil,
        count: unequalElements)
    }
    let count = max(differences.differingCount, tolerance == 0 ? unequalElements : 0)
    guard count > 0 else { return nil }
    return Tensor(
      name: a.name, maximumAbsolute: differences.maximumAbsolute,
      maximumRelative: differences.maximumRelative, rootMeanSquare: differences.rootMeanSquare,
      cosine: differences.cosine, count: count)
  }
}

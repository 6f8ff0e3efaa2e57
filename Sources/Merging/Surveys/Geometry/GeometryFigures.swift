import Kernels

/// How the vectors of some models lie to one another, over one tensor or several.
///
/// With a base b the vectors are the task vectors τₖ = xₖ - b, without one the models xₖ themselves.
/// All sums are Float64 with twice its precision inside. A figure is nil where it has no meaning:
/// the cosine with a vector of length zero, or a ratio to a base that is zero.
public struct GeometryFigures: Sendable {
  /// How the signs of the task vectors disagree where each keeps its largest elements only.
  public struct SignConflicts: Hashable, Sendable {
    /// The share of its elements that each task vector keeps of each tensor, those of greatest
    /// magnitude.
    public let density: Double
    /// How many elements are kept of at least one task vector, and aren't zero there.
    public internal(set) var kept = 0
    /// How many elements are kept of two or more.
    public internal(set) var shared = 0
    /// How many elements have both signs among the task vectors that keep them.
    public internal(set) var conflicts = 0

    /// The share of the kept elements whose signs conflict; nil where none is kept.
    public var share: Double? { kept > 0 ? Double(conflicts) / Double(kept) : nil }
  }

  /// The number of elements of each vector.
  public let elementCount: Int
  /// |b|; nil without a base.
  public let baseNorm: Double?
  /// The lengths of the vectors.
  public let norms: [Double]
  /// |τₖ| / |b|; nil without a base.
  public let relativeNorms: [Double?]
  /// ⟨vᵢ, vⱼ⟩.
  public let products: [[Double]]
  /// The cosines of the angles between the vectors.
  public let cosines: [[Double?]]
  /// The angles between the vectors in degrees, exact for small ones too.
  public let angles: [[Double?]]
  /// |xᵢ - xⱼ|.
  public let distances: [[Double]]
  /// The share of the elements in which each model differs from the base; empty without a base.
  public let changedShares: [Double]
  /// The conflicts of signs by density; empty without a base.
  public let signConflicts: [SignConflicts]
  /// The weight t that model stock would give the models' mean; nil without a base or for one model.
  public let modelStockRatio: Double?

  init(_ sums: GeometrySums) {
    let gram = sums.vectors
    let models = 0..<gram.count
    elementCount = sums.elementCount
    baseNorm = sums.hasBase ? sums.all[0, 0].squareRoot() : nil
    norms = models.map { gram[$0, $0].squareRoot() }
    let length = baseNorm
    relativeNorms = norms.map { norm in length.flatMap { $0 > 0 ? norm / $0 : nil } }
    products = models.map { i in models.map { gram[i, $0] } }
    let angles = models.map { i in models.map { Angle(gram, i, $0) } }
    cosines = angles.map { $0.map { $0?.cosine } }
    self.angles = angles.map { $0.map { $0?.degrees } }
    distances = models.map { i in
      models.map { i == $0 ? 0 : gram.squaredDistance(i, $0).squareRoot() }
    }
    let count = max(1, Double(elementCount))
    changedShares = sums.changed.map { Double($0) / count }
    signConflicts = sums.conflicts
    modelStockRatio =
      sums.hasBase && gram.count > 1
      ? ModelStock.factor(gram) * Double(gram.count) : nil
  }
}

/// The angle between two vectors of a Gram matrix.
struct Angle {
  let cosine: Double
  let degrees: Double

  /// Nil where a vector is zero.
  init?(_ gram: GramMatrix, _ i: Int, _ j: Int) {
    let norms = (gram[i, i].squareRoot(), gram[j, j].squareRoot())
    guard norms.0 > 0, norms.1 > 0 else { return nil }
    guard i != j else {
      cosine = 1
      degrees = 0
      return
    }
    let wide = gram.wide(i, j) / gram.wide(i, i).squareRoot() / gram.wide(j, j).squareRoot()
    cosine = max(-1, min(1, wide.rounded))
    // The sine from the cosine in twice the precision has no cancellation that matters near 0.
    let square = ((1 - wide) * (1 + wide)).rounded
    let squaredSine = square > GreatCircle.tiny ? square : 0
    degrees = MathLibrary.atan2(squaredSine.squareRoot(), wide.rounded) * 180 / Double.pi
  }
}

extension GramMatrix {
  /// |vᵢ - vⱼ|².
  func squaredDistance(_ i: Int, _ j: Int) -> Double {
    max(0, (wide(i, i) + wide(j, j) - 2 * wide(i, j)).rounded)
  }

  /// The matrix of the vectors from `first` on.
  func dropping(_ first: Int) -> GramMatrix {
    var parts: [(value: Double, error: Double)] = []
    for i in first..<count {
      for j in first...i { parts.append(self.parts(i, j)) }
    }
    return GramMatrix(count: count - first, products: parts)
  }
}

public import Checkpoints

/// What a merge shall do; a value that touches no file.
public struct MergeRecipe: Sendable {
  /// The verb with its parameters, before the sources are known.
  public struct Operation: Sendable {
    /// Makes the method for a number of sources, or says which parameter doesn't fit them.
    package let method: @Sendable (_ sourceCount: Int) throws(CheckpointError) -> any MergeMethod

    package init(
      _ method: @escaping @Sendable (_ sourceCount: Int) throws(CheckpointError) -> any MergeMethod
    ) {
      self.method = method
    }

    /// A weighted mean of the sources.
    public static func soup(weights: [Double]?, normalize: Bool) -> Operation {
      Operation { (count) throws(CheckpointError) in
        try Soup(sourceCount: count, weights: weights, isNormalized: normalize)
      }
    }

    /// A point on the line through two sources.
    public static func interpolate(alpha: Double) -> Operation {
      Operation { (_) throws(CheckpointError) in try Interpolation(alpha: alpha) }
    }

    /// The difference of one source from the base.
    public static var taskVector: Operation {
      Operation { (_) throws(CheckpointError) in TaskVector() }
    }

    /// The base and task vectors.
    public static func taskArithmetic(_ direction: Direction, scales: [Double]) -> Operation {
      Operation { (count) throws(CheckpointError) in
        try TaskArithmetic(direction, sourceCount: count, scales: scales)
      }
    }
  }

  /// Which way task vectors are applied.
  public enum Direction: String, Sendable {
    /// Learning: the tasks are added.
    case add
    /// Forgetting: the tasks are taken away.
    case negate
  }

  /// What happens when an input or a result isn't finite.
  public enum NonFinitePolicy: String, CaseIterable, Sendable {
    /// The merge fails and names the tensor.
    case error
    /// IEEE arithmetic takes its course.
    case allow
  }

  /// What becomes of the optimizer's state.
  public enum OptimizerPolicy: String, CaseIterable, Sendable {
    /// It is copied from the template.
    case first
    /// It is left out.
    case drop
  }

  /// The verb; nil where a recipe file says for each tensor what becomes of it.
  public var operation: Operation?
  /// The name of the base, for verbs that have one; it is then the template.
  public var base: String?
  /// The names of the sources; the first is the template where there is no base.
  public var sources: [String]
  /// The element type of merged tensors; nil keeps the template's.
  public var elementType: ElementType?
  /// If not empty, only tensors that one of these matches are merged.
  public var include: [Glob] = []
  /// Tensors that one of these matches aren't merged.
  public var exclude: [Glob] = []
  /// What happens when an input or a result isn't finite.
  public var nonFinite = NonFinitePolicy.error
  /// What becomes of the optimizer's state.
  public var optimizer = OptimizerPolicy.first
  /// Whether negative variances become zero instead of an error.
  public var clampsVariances = false
  /// How tensors are stored where the template's storage can't be kept as it is.
  public var storage = OutputRequest.Storage.contiguous
  /// How the output is laid out where its format isn't the template's; nil for the template's way.
  public var layouter: (any OutputLayouter)?
  /// Whether the output says how it was made.
  public var recordsProvenance = true

  /// A recipe with everything else at its default.
  public init(_ operation: Operation?, base: String? = nil, sources: [String]) {
    self.operation = operation
    self.base = base
    self.sources = sources
  }

  /// The names of all inputs, the template first.
  public var inputs: [String] { (base.map { [$0] } ?? []) + sources }

  /// Whether a tensor of this name is left as the template has it.
  func leavesOut(_ name: TensorName) -> Bool {
    let isIncluded = include.isEmpty || include.contains { $0.matches(name) }
    return !isIncluded || exclude.contains { $0.matches(name) }
  }
}

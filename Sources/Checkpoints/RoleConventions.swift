/// What the names of tensors say about their roles, across frameworks.
///
/// A format that knows better (Keras files say which layer a tensor belongs to) asks this only where
/// it doesn't. Names are the leaves of paths: behind the last slash or dot, without Keras 2's `:0`.
public enum RoleConventions {
  /// A role, and whether the values are variances.
  public struct Verdict: Hashable, Sendable {
    /// The role.
    public let role: TensorRole
    /// Whether the values are variances, which can't be negative.
    public let isVariance: Bool

    /// A verdict.
    public init(_ role: TensorRole, isVariance: Bool = false) {
      self.role = role
      self.isVariance = isVariance
    }
  }

  /// BatchNorm's running statistics in Keras 1 (`…_running_std` holds a variance or a deviation),
  /// Keras 2 and 3, and PyTorch.
  private static let means = ["moving_mean", "running_mean"]
  private static let variances = ["moving_variance", "moving_var", "running_var", "running_std"]
  private static let optimizers = ["optimizer_weights/", "optimizer/vars/"]
  private static let counters = [
    "iteration", "iterations", "num_batches_tracked", "count", "step", "global_step",
  ]

  /// Judges a tensor by its name and type.
  ///
  /// - Parameters:
  ///   - name: The tensor's name.
  ///   - type: The type of its elements.
  /// - Returns: The role that the name suggests; `weight` for a floating-point tensor without any.
  public static func verdict(_ name: TensorName, type: ElementType) -> Verdict {
    let path = name.text
    let leaf = leaf(of: path)
    // Keras's groups, whose names stay when a file is converted to a format without groups.
    if optimizers.contains(where: path.hasPrefix) { return Verdict(.optimizer) }
    if type.isInteger {
      if path.contains("seed_generator") { return Verdict(.seed) }
      return Verdict(counters.contains(leaf) ? .counter : .other)
    }
    guard type.isFloatingPoint else {
      return Verdict(.other)
    }
    if means.contains(where: { isName(leaf, $0) }) { return Verdict(.statistic) }
    if variances.contains(where: { isName(leaf, $0) }) {
      return Verdict(.statistic, isVariance: true)
    }
    return Verdict(.weight)
  }

  /// The last component of a name without Keras 2's output number.
  public static func leaf(of path: String) -> String {
    let last = path.split { $0 == "/" || $0 == "." }.last.map(String.init) ?? path
    guard let colon = last.lastIndex(of: ":"), last[colon...].dropFirst().allSatisfy(\.isNumber)
    else { return last }
    return String(last[..<colon])
  }

  /// Whether a leaf is a name, or ends with it behind a layer's name as in Keras 1.
  private static func isName(_ leaf: String, _ name: String) -> Bool {
    leaf == name || leaf.hasSuffix("_" + name)
  }
}

package import Checkpoints

/// What becomes of one tensor of an output.
package final class ResolvedTensor: Sendable {
  /// The name in the output.
  package let name: TensorName
  /// Method and parameters, shared with all tensors that have the same.
  package let settings: MergeSettings
  /// What the method takes, the base first where there is one (``MergeSettings/hasBase``).
  package let operands: [Operand]

  init(name: TensorName, settings: MergeSettings, operands: [Operand]) {
    self.name = name
    self.settings = settings
    self.operands = operands
  }

  /// A tensor that a method takes.
  package enum Operand: Sendable {
    /// A tensor of a checkpoint.
    case stored(file: String, name: TensorName)
    /// The result of another merge, never stored.
    case nested(ResolvedTensor)
  }

  /// The name in the output and, of operands, in their files.
  package var method: String? { settings.method }
  /// Parameters of the merge.
  package var parameters: [String: ParameterValue] { settings.parameters }
  /// Parameters of each operand.
  package var perSource: [[String: ParameterValue]] { settings.perSource }
}

/// A method with its parameters, as they count for some tensors.
package final class MergeSettings: Sendable {
  /// What makes settings the same.
  struct Content: Hashable, Sendable {
    let method: String?
    let hasBase: Bool
    let parameters: [String: ParameterValue]
    let perSource: [[String: ParameterValue]]
  }

  let content: Content

  init(_ content: Content) {
    self.content = content
  }

  /// The method's verb; nil where the only operand is copied.
  package var method: String? { content.method }
  /// Whether the first operand is a base from which the others are differences.
  package var hasBase: Bool { content.hasBase }
  /// Parameters of the merge, by their names with underscores; defaults are filled in.
  package var parameters: [String: ParameterValue] { content.parameters }
  /// Parameters of each operand, in the operands' order; a base has none.
  package var perSource: [[String: ParameterValue]] { content.perSource }
}

/// What becomes of all tensors of an output.
package struct ResolvedOutput: Sendable {
  /// The output's name; nil where there is one only.
  package let name: String?
  /// The tensors: those before the layers, those of the layers in order, those behind.
  package let tensors: [ResolvedTensor]
}

/// A recipe applied to checkpoints' names.
package struct RecipeResolution: Sendable {
  /// The outputs in the recipe's order.
  package let outputs: [ResolvedOutput]
  /// What somebody should know: filters and rules that match nothing, gradients without layers.
  package let warnings: [String]
}

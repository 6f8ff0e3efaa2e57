import Checkpoints

/// The parameters of one tensor: the scopes that may set them, first the one that counts most.
///
/// An output's parameters count before a rule's, these before a source's, a slice's, a module's and
/// the whole recipe's, and last the method's own.
struct ParameterScopes {
  let merge: RecipeMerge
  let output: ParameterSettings
  let compatibility: Compatibility

  /// The value of a parameter.
  ///
  /// - Parameters:
  ///   - parameter: The parameter.
  ///   - target: The tensor.
  ///   - source: The source, for a parameter of sources.
  /// - Returns: The value; nil where the method goes without.
  /// - Throws: ``CheckpointError`` where it must be set and isn't, or is out of its range here.
  func value(
    of parameter: ParameterSpecification, for target: Target, source: RecipeSource?
  ) throws(CheckpointError) -> ParameterValue? {
    let scopes = [
      output, target.rule?.parameters ?? [:], source?.parameters ?? [:], target.slice.parameters,
      merge.moduleParameters, merge.parameters,
    ]
    for scope in scopes {
      guard let setting = scope[parameter.name],
        let value = setting.value(for: target.name, at: target.position)
      else { continue }
      if let fact = parameter.objection(to: value) {
        throw setting.place.fault("for the tensor \(target.name) \(fact)")
      }
      return value
    }
    if let value = parameter.value(in: compatibility) { return value }
    guard parameter.preset == .required else { return nil }
    let place = source?.place ?? target.rule?.place ?? merge.place
    throw place.fault(
      "has no \(parameter.name) for the tensor \(target.name)",
      remedy: "add \(parameter.name) to its parameters or to those of the whole"
        + " (\(parameter.name) is \(parameter.summary))")
  }

  /// The tensor whose parameters are asked for.
  struct Target {
    /// The name: of the output for parameters of the merge, of the source for a source's.
    var name: TensorName
    let position: Double
    let slice: RecipeSlice
    let rule: TensorRule?
  }
}

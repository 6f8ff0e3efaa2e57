import Checkpoints

/// An output of a call within one model, as configurations write it: `[layer, call, output]`.
struct KerasReference: Hashable {
  /// The layer's name in its model.
  let layer: String
  /// Which call of the layer, as it is written; Keras counts a nested model's calls from 0 or 1.
  let call: Int
  /// Which of the call's outputs.
  let output: Int

  /// A reference, or nil where the value is none.
  init?(_ value: JSONValue) {
    guard let parts = value.array, parts.count == 3 || parts.count == 4,
      let layer = parts[0].string, layer != "_CONSTANT_VALUE",
      let call = parts[1].int, let output = parts[2].int
    else { return nil }
    self.layer = layer
    self.call = call
    self.output = output
  }

  /// The references in `input_layers` or `output_layers`: one, a list, or an object, whose members Keras
  /// takes in the order of their names.
  ///
  /// - Returns: The references and the names that they have in an object; nil where something else
  ///   stands among them.
  static func structure(_ value: JSONValue) -> (references: [KerasReference], names: [String]?)? {
    if let single = KerasReference(value) { return ([single], nil) }
    if let elements = value.array {
      var references: [KerasReference] = []
      for element in elements {
        guard let inner = structure(element) else { return nil }
        references += inner.references
      }
      return (references, nil)
    }
    guard let members = value.object else { return nil }
    let sorted = members.sorted { $0.key < $1.key }
    let references = sorted.compactMap { KerasReference($0.value) }
    return references.count == sorted.count ? (references, sorted.map(\.key)) : nil
  }
}

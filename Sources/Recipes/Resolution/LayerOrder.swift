package import Checkpoints

/// Which tensors belong to which layer, and in which order layers stand, from a file's own names.
///
/// No table of architectures is asked. Where the format tells the order (Keras), its hints count:
/// the layers that own tensors are numbered as they follow each other. Else a layer is the first
/// component of a name that is a number and counts from 0 without gaps among the names that start
/// alike: in `model.layers.12.mlp.up_proj.weight` it is 12 of the stack `model.layers`. A model may
/// have several stacks (an encoder and a decoder).
package struct LayerOrder: Sendable {
  /// A run of layers.
  package struct Stack: Hashable, Sendable {
    /// What names start with before the number; empty where the order comes from hints.
    package let prefix: String
    /// The number of layers.
    package let count: Int
  }

  /// A tensor's layer.
  package struct Place: Hashable, Sendable {
    /// The stack's index.
    package let stack: Int
    /// The layer, from 0.
    package let layer: Int
    /// The digits in the name; nil where the order comes from hints.
    let digits: Range<Int>?
  }

  /// The stacks, in the order in which the file names them first.
  package let stacks: [Stack]
  private let places: [TensorName: Place]

  /// The order of the layers of a file.
  ///
  /// - Parameter names: All tensors in the file's order, with the rank of the layer where the format
  ///   knows it; ranks may have gaps.
  package init(names: [(name: TensorName, layerIndexHint: Int?)]) {
    let hints = Set(names.compactMap(\.layerIndexHint)).sorted()
    guard hints.isEmpty else {
      let ranks = Dictionary(uniqueKeysWithValues: zip(hints, hints.indices))
      var places: [TensorName: Place] = [:]
      for (name, hint) in names {
        guard let hint, let layer = ranks[hint] else { continue }
        places[name] = Place(stack: 0, layer: layer, digits: nil)
      }
      self.stacks = [Stack(prefix: "", count: hints.count)]
      self.places = places
      return
    }
    (stacks, places) = Self.counted(names.map(\.name))
  }

  /// The layer of a tensor; nil for what stands before or behind the layers.
  package func place(of name: TensorName) -> Place? {
    places[name]
  }

  /// Where a tensor stands along its stack: layer / (layers - 1), 1 where there is one layer, and 0
  /// for what belongs to no layer.
  package func position(of name: TensorName) -> Double {
    guard let place = places[name] else { return 0 }
    return Self.position(of: place.layer, among: stacks[place.stack].count)
  }

  /// Where a layer stands among some, from 0 to 1.
  static func position(of layer: Int, among count: Int) -> Double {
    count > 1 ? Double(layer) / Double(count - 1) : 1
  }

  /// The stack with the most layers; nil where there is none or several have as many.
  package var longest: Int? {
    guard let most = stacks.map(\.count).max() else { return nil }
    let longest = stacks.indices.filter { stacks[$0].count == most }
    return longest.count == 1 ? longest.first : nil
  }

  /// The name that a tensor has in another layer; nil where names don't tell the layer.
  package func name(_ name: TensorName, movedTo layer: Int) -> TensorName? {
    guard let place = places[name] else { return nil }
    if place.layer == layer { return name }
    guard let digits = place.digits else { return nil }
    var bytes = name.bytes
    bytes.replaceSubrange(digits, with: Array("\(layer)".utf8))
    return TensorName(bytes: bytes)
  }
}

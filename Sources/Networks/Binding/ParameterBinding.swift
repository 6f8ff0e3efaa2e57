public import Checkpoints

/// Where the weights of a graph's layers lie in a checkpoint.
///
/// Every weight has one tensor of its shape, and no tensor of the network is left over: a file that
/// only nearly fits belongs to another network.
public struct ParameterBinding: Sendable {
  /// For each layer of the graph, for each of its slots, the place in the checkpoint's `tensors`.
  public let places: [[Int]]

  /// Finds the tensors of a network.
  ///
  /// - Parameters:
  ///   - graph: The network.
  ///   - slots: For each of its layers the weights, in the order of Keras's `layer.weights`.
  ///   - checkpoint: A legacy file, a `.weights.h5` or a `.keras` archive that holds them.
  /// - Throws: ``CheckpointError`` that names what is missing, left over or of another shape.
  public init(
    _ graph: ModelGraph, slots: [[ParameterSlot]], checkpoint: Checkpoint
  ) throws(CheckpointError) {
    precondition(slots.count == graph.layers.count, "slots are given for every layer")
    let weights = NetworkWeights(graph, slots)
    var binder: any ParameterBinder
    switch WeightsLayout(checkpoint) {
    case .legacy(let group)?: binder = LegacyBinder(weights, checkpoint, group: group)
    case .store?: binder = StoreBinder(weights, checkpoint)
    case nil:
      throw .unusable(
        checkpoint.file.name, "isn't a file of Keras's: nothing tells which tensor is whose",
        remedy: "save the network with model.save(\"x.h5\") or model.save_weights(\"x.weights.h5\")"
      )
    }
    places = try binder.bind()
    try ParameterBinding.check(places, binder.candidates, graph, slots, checkpoint)
  }

  /// Shapes fit, no tensor is used twice, none is left over.
  private static func check(
    _ places: [[Int]], _ candidates: [Int], _ graph: ModelGraph, _ slots: [[ParameterSlot]],
    _ checkpoint: Checkpoint
  ) throws(CheckpointError) {
    var used = Set<Int>()
    for (layer, bound) in places.enumerated() {
      for (slot, place) in zip(slots[layer], bound) {
        let tensor = checkpoint.tensors[place]
        let configuration = graph.layers[layer].configuration
        guard tensor.shape == slot.shape else {
          throw .binding(
            checkpoint, configuration,
            "weight \(slot.name) is \(shapeText(slot.shape)) by the configuration but "
              + "\(shapeText(tensor.shape)) in tensor \(tensor.name)")
        }
        guard used.insert(place).inserted else {
          throw .binding(
            checkpoint, configuration, "weight \(slot.name) and another one are both \(tensor.name)"
          )
        }
      }
    }
    let left = candidates.filter { !used.contains($0) }.map { checkpoint.tensors[$0] }
    guard left.isEmpty else {
      throw .binding(
        checkpoint, nil,
        "holds \(left.count) tensors that no layer of the configuration has: "
          + listed(left.map { "\($0.name) (\(shapeText($0.shape)))" }))
    }
  }
}

/// The way in which one layout of files names weights.
protocol ParameterBinder {
  /// The tensors that must be some layer's.
  var candidates: [Int] { get }
  /// Finds each slot's tensor; shapes are compared afterwards.
  func bind() throws(CheckpointError) -> [[Int]]
}

extension CheckpointError {
  /// An error about weights that don't fit a configuration.
  static func binding(
    _ checkpoint: Checkpoint, _ layer: LayerConfiguration?, _ fact: String
  ) -> CheckpointError {
    CheckpointError(
      .unusable, file: checkpoint.file.name,
      subject: layer.map { "layer \($0.name) (\($0.className))" }, fact: fact,
      remedy: "give the configuration of the model that wrote this file")
  }
}

import Architectures
import Checkpoints

extension InspectReport {
  /// A layer as `model.summary()` lists it.
  struct Layer: Encodable {
    /// Its name; in a nested model the path of names.
    let name: String
    /// Keras's class, where the configuration tells.
    @OrNull var className: String?
    /// The elements of its weights and statistics.
    let parameters: Int
    /// Whether training changes it, where the configuration tells.
    @OrNull var trainable: Bool?
    /// The names of its tensors.
    let tensors: [String]

    enum CodingKeys: String, CodingKey {
      case name, className = "class", parameters, trainable, tensors
    }
  }

  /// The model as its configuration tells it.
  struct Model: Encodable {
    let name: String
    let layers: Int
    @OrNull var kerasVersion: String?
  }
}

/// The layers of a checkpoint: those of its configuration, or else those that the file itself names.
struct LayerSummary {
  private(set) var layers: [InspectReport.Layer] = []
  private(set) var model: InspectReport.Model?
  private(set) var trainable: Int?
  private(set) var nonTrainable: Int?

  init(_ checkpoint: Checkpoint) {
    // A configuration that isn't understood, as of a subclassed model, is shown as metadata only.
    let graph = (try? ModelGraph(of: checkpoint)) ?? nil
    let owners = graph.flatMap { LayerOwners(checkpoint, $0) }
    var order: [String] = []
    var places: [String: [Int]] = [:]
    var ofGraph: [String: Int] = [:]
    for (place, tensor) in checkpoint.tensors.enumerated() where tensor.role != .optimizer {
      let owner = owners?.layers[place]
      let name = owner.flatMap { graph?.layers[$0].configuration.name } ?? tensor.layer
      guard let name else { continue }
      if places[name] == nil { order.append(name) }
      places[name, default: []].append(place)
      ofGraph[name] = owner ?? ofGraph[name]
    }
    let ranks = Dictionary(
      order.enumerated().map { ($1, (ofGraph[$1] ?? .max, $0)) }, uniquingKeysWith: { a, _ in a })
    for name in order.sorted(by: { (ranks[$0] ?? (0, 0)) < (ranks[$1] ?? (0, 0)) }) {
      let layer = ofGraph[name].flatMap { graph?.layers[$0] }
      let tensors = (places[name] ?? []).map { checkpoint.tensors[$0] }
      layers.append(
        InspectReport.Layer(
          name: name, className: layer?.configuration.className,
          parameters: tensors.filter(\.isParameter).reduce(0) { $0 + $1.elementCount },
          trainable: layer?.isTrainable, tensors: tensors.map(\.name.text)))
    }
    guard let graph, let owners else { return }
    model = InspectReport.Model(
      name: graph.name, layers: graph.layers.count,
      kerasVersion: Self.version(of: checkpoint))
    var counts = (trainable: 0, rest: 0)
    for (tensor, owner) in zip(checkpoint.tensors, owners.layers) where tensor.isParameter {
      let isTrainable =
        tensor.role == .weight && (owner.map { graph.layers[$0].isTrainable } ?? true)
      if isTrainable {
        counts.trainable += tensor.elementCount
      } else {
        counts.rest += tensor.elementCount
      }
    }
    trainable = counts.trainable
    nonTrainable = counts.rest
  }

  /// Legacy files have an attribute of its own, archives a member that says it among other things.
  private static func version(of checkpoint: Checkpoint) -> String? {
    if let version = checkpoint.attribute("keras_version") { return version }
    return checkpoint.attribute("metadata").flatMap {
      JSONValue(parsing: $0)?["keras_version"]?.string
    }
  }
}

extension Tensor {
  /// Whether it counts among a model's parameters.
  fileprivate var isParameter: Bool { role == .weight || role == .statistic }
}

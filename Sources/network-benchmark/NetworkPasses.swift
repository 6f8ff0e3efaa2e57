import Checkpoints
import Networks
import Probing

/// The passes that can be timed, over one batch of made-up samples.
struct NetworkPasses {
  private let kernels: NetworkKernels
  private let networks: [Network]
  private let inputs: [FloatArray]

  /// Networks of one or two checkpoints, made as the probe makes them; of two also their average.
  ///
  /// - Throws: ``CheckpointError`` where a file holds no network that can be computed.
  init(_ checkpoints: [Checkpoint], batch: Int) throws(CheckpointError) {
    let first = checkpoints[0]
    guard let configuration = first.attribute("model_config") else {
      throw .unusable(first.file.name, "holds weights without the network's configuration")
    }
    let graph = try ModelGraph(
      kerasConfiguration: configuration, file: first.file.name,
      version: first.attribute("keras_version"))
    var shapes: [[Int]] = []
    for place in graph.inputs {
      let layer = graph.layers[graph.nodes[place].layer].configuration
      guard let shape = InputLayer.declaredShape(layer) else {
        throw .unusable(first.file.name, "doesn't tell the shape of its input")
      }
      shapes.append(shape.map { $0 ?? 1 })
    }
    // As in the probe the values before a fused activation are features too, as in PyTorch.
    let plan = try NetworkPlan(graph, inputShapes: shapes, splitting: .all)
    var sources: [ModelSource] = []
    for checkpoint in checkpoints {
      let binding = try ParameterBinding(graph, slots: plan.slots, checkpoint: checkpoint)
      sources.append(ModelSource(checkpoint, places: binding.places))
    }
    var formulas = sources.indices.map { ModelFormula.source($0) }
    if sources.count == 2 { formulas.append(.interpolation(0, 1, alpha: 0.5)) }
    kernels = try NetworkKernels(plan, batch: batch)
    networks = try Network.make(formulas, of: sources, kernels) { _, _, _ in }
    inputs = shapes.map { Self.samples([batch] + $0) }
  }

  /// Values between -1 and 1 that are the same in every run.
  private static func samples(_ shape: [Int]) -> FloatArray {
    var state: UInt64 = 1
    return FloatArray(
      shape,
      (0..<shape.reduce(1, *)).map { _ in
        // Knuth's MMIX generator; the upper bits are the random ones.
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(Int32(truncatingIfNeeded: state >> 32)) * 0x1p-31
      })
  }

  /// Does what a line of standard input asks for.
  func run(_ pass: String) throws(CheckpointError) -> [Double] {
    switch pass {
    case "kept": try kept()
    case "dropped": try dropped()
    case "linearity" where networks.count == 3: try linearity()
    default:
      throw CheckpointError(
        .usage, subject: pass, fact: "isn't a pass over \(networks.count) networks")
    }
  }

  private func kept() throws(CheckpointError) -> [Double] {
    let watch = Stopwatch()
    let table = try ValueTable(inputs, of: networks[0], kernels)
    let figures = watch.figures
    // To here every feature lived.
    return withExtendedLifetime(table) { figures }
  }

  private func dropped() throws(CheckpointError) -> [Double] {
    let watch = Stopwatch()
    let lockstep = Lockstep(kernels, networks: [networks[0]])
    _ = try lockstep.run(inputs) { _ in }
    return watch.figures
  }

  /// The comparisons are those of a linearity run at one alpha.
  private func linearity() throws(CheckpointError) -> [Double] {
    let comparisons = [
      FeatureComparison(measured: .stream(0), reference: .stream(1)),
      FeatureComparison(measured: .stream(2), reference: .interpolation(0, 1, alpha: 0.5)),
      FeatureComparison(measured: .stream(2), reference: .stream(0)),
      FeatureComparison(measured: .stream(2), reference: .stream(1)),
    ]
    var compared = [0.0, 0.0]
    let watch = Stopwatch()
    _ = try Lockstep(kernels, networks: networks).run(inputs) { visit throws(CheckpointError) in
      let own = Stopwatch()
      var layer = LayerComparisons(streams: 3, comparisons: comparisons)
      let arrays = visit.features.map(\.array)
      unsafe try layer.add(
        arrays.map { unsafe $0.values(0..<$0.count) }, samples: kernels.batch,
        width: arrays[0].count / kernels.batch
      ) { count, body in
        Threads.forEachRange(of: count) { range in
          for number in range { body(number) }
        }
      }
      compared = zip(compared, own.figures).map { $0 + $1 }
    }
    return zip(watch.figures, compared).map { $0 - $1 } + compared
  }
}

package import Checkpoints

/// A model graph made ready for inputs of known shapes: steps in order, with shapes, weights and lifetimes.
///
/// One plan serves every network of its architecture. A layer's fused activation is a step of its own
/// where the values before it are wanted.
package struct NetworkPlan: Sendable {
  /// What is computed: one call of a layer, or the activation behind it.
  package struct Step: Sendable {
    /// The name of the graph's node.
    package let name: String
    /// Keras's class of the layer.
    package let kind: String
    /// The place in the graph's `layers`.
    package let layer: Int
    /// What it takes, as places in ``NetworkPlan/shapes``.
    package let inputs: [Int]
    /// What it makes, likewise.
    package let outputs: [Int]
    /// How.
    package let plan: LayerPlan
    /// Which of `inputs` is the mask of the first, or nil where that brings its own.
    package let maskInput: Int?
    /// Which of `inputs` have lost their masks to a step before.
    package let hasClearedMask: [Bool]
    /// Whether it is the fused activation of the step before it.
    package let isFusedActivation: Bool
    /// The values that no later step takes and that nobody asked for.
    package fileprivate(set) var released: [Int] = []
  }

  /// A layer's output, as people know it.
  package struct Point: Sendable {
    /// The name of the graph's node.
    package let name: String
    /// Keras's class of the layer.
    package let kind: String
    /// The shape without the batch axis.
    package let shape: [Int]
    /// The value.
    package let value: Int
    /// The step behind which it is complete.
    package let step: Int
    /// The steps of the layer: its linear part and, where it is a step of its own, its activation.
    package let steps: ClosedRange<Int>
    /// Whether it is the values before a final softmax or sigmoid, fused or not.
    package let isLogits: Bool
  }

  /// Which fused activations become steps of their own.
  package enum Splitting: Sendable {
    /// All: the analysis of local errors wants the values before them.
    case all
    /// That of the model's output alone, whose input are the logits.
    case output
    /// None: features as Keras gives them.
    case none
  }

  /// The graph.
  package let graph: ModelGraph
  /// The steps in the order of computation.
  package private(set) var steps: [Step] = []
  /// The shape of every value, without the batch axis.
  package private(set) var shapes: [[Int]] = []
  /// The values that data enter through, in the order of the graph's inputs.
  package private(set) var inputs: [Int] = []
  /// The values that the model returns.
  package private(set) var outputs: [Int] = []
  /// Each layer's output in the order of computation; inputs aren't among them.
  package private(set) var points: [Point] = []
  /// The first output's logits: the values before its softmax or sigmoid, or the output itself.
  package private(set) var logits: Int = 0
  /// The activation behind the logits, or nil.
  package private(set) var outputActivation: Activation?
  /// The weights of every layer of the graph.
  package private(set) var slots: [[ParameterSlot]] = []

  /// Plans a graph.
  ///
  /// - Parameters:
  ///   - graph: The model.
  ///   - inputShapes: The shape of a sample for each of the graph's inputs.
  ///   - splitting: Which fused activations become steps of their own.
  /// - Throws: ``CheckpointError`` where a layer isn't supported or shapes don't fit.
  package init(
    _ graph: ModelGraph, inputShapes: [[Int]], splitting: Splitting
  ) throws(CheckpointError) {
    self.graph = graph
    var kinds: [any Layer] = []
    for layer in graph.layers { kinds.append(try LayerKinds.make(layer.configuration)) }
    slots = graph.layers.map { _ in [] }
    // The values of each node, and whether they have a mask.
    var values: [[Int]] = []
    var masked: [Bool] = []
    var cleared: Set<Int> = []
    let inputPlaces = Dictionary(
      graph.inputs.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for (place, node) in graph.nodes.enumerated() {
      if let input = inputPlaces[place] {
        guard input < inputShapes.count else {
          throw CheckpointError(
            .unusable, subject: "input \(node.name)", fact: "gets no data")
        }
        shapes.append(inputShapes[input])
        masked.append(false)
        values.append([shapes.count - 1])
        continue
      }
      let configuration = graph.layers[node.layer].configuration
      let taken = node.inputs.map { values[$0.node][min($0.output, values[$0.node].count - 1)] }
      let fused = kinds[node.layer].activation
      let isOutput = graph.outputs.contains { $0.node == place }
      let splits =
        switch splitting {
        case .all: fused != nil
        case .output: fused?.isProbability == true && isOutput
        case .none: false
        }
      // A mask in the call stands for the first input's own.
      let hasMask = node.keywords["mask"]?.values.isEmpty == false
      let call = LayerCall(
        configuration: configuration, arguments: node.arguments, keywords: node.keywords,
        values: node.inputs, inputs: taken.map { shapes[$0] },
        areMasked: taken.enumerated().map { number, value in
          number == 0 && hasMask || masked[value] && !cleared.contains(value)
        },
        activation: splits ? nil : fused)
      let plan = try kinds[node.layer].plan(call)
      slots[node.layer] = plan.parameters
      let makesMask = plan.makesMask || plan.keepsMask && call.areMasked.contains(true)
      func add(_ shapes: [[Int]]) -> [Int] {
        shapes.map { shape in
          self.shapes.append(shape)
          masked.append(makesMask)
          return self.shapes.count - 1
        }
      }
      var made = add(plan.outputs)
      let first = steps.count
      steps.append(
        Step(
          name: node.name, kind: configuration.className, layer: node.layer, inputs: taken,
          outputs: made, plan: plan, maskInput: call.place(of: "mask"),
          hasClearedMask: taken.map(cleared.contains),
          isFusedActivation: false))
      if splits, let fused {
        let shape = shapes[made[0]]
        let activation = LayerPlan(
          outputs: [fused.outputShape(shape)], keepsMask: true, pureActivation: fused
        ) { batch throws(CheckpointError) in
          ActivationKernel(application: try fused.makeApplication([batch] + shape))
        }
        let before = made
        made = add(activation.outputs)
        steps.append(
          Step(
            name: node.name, kind: configuration.className, layer: node.layer, inputs: before,
            outputs: made, plan: activation, maskInput: nil, hasClearedMask: [false],
            isFusedActivation: true))
      }
      if plan.clearsMasks { cleared.formUnion(taken) }
      values.append(made)
      points.append(
        Point(
          name: node.name, kind: configuration.className, shape: shapes[made[0]], value: made[0],
          step: steps.count - 1, steps: first...steps.count - 1, isLogits: false))
    }
    inputs = graph.inputs.map { values[$0][0] }
    outputs = graph.outputs.map { values[$0.node][min($0.output, values[$0.node].count - 1)] }
    findLogits()
    scheduleReleases()
  }

  /// Goes back from the first output over a softmax or sigmoid, fused or a layer, to the logits.
  private mutating func findLogits() {
    guard let output = outputs.first else { return }
    logits = output
    guard let last = steps.last(where: { $0.outputs.contains(output) }),
      let activation = last.plan.pureActivation, activation.isProbability
    else { return }
    outputActivation = activation
    logits = last.inputs[0]
    if let place = points.firstIndex(where: {
      $0.step < steps.count && steps[$0.step].outputs[0] == output
    }),
      last.isFusedActivation
    {
      // Of a final layer with a fused softmax people want the values before it.
      let point = points[place]
      points[place] = Point(
        name: point.name, kind: point.kind, shape: shapes[logits], value: logits,
        step: point.step - 1, steps: point.steps.lowerBound...point.step - 1, isLogits: true)
    } else if let place = points.firstIndex(where: { $0.value == logits }) {
      let point = points[place]
      points[place] = Point(
        name: point.name, kind: point.kind, shape: point.shape, value: logits, step: point.step,
        steps: point.steps, isLogits: true)
    }
  }

  /// Notes behind which step each value is used for the last time.
  private mutating func scheduleReleases() {
    var last: [Int: Int] = [:]
    for (place, step) in steps.enumerated() {
      for value in step.inputs + step.outputs { last[value] = place }
    }
    let kept = Set(outputs + [logits])
    for (value, place) in last where !kept.contains(value) { steps[place].released.append(value) }
    for place in steps.indices { steps[place].released.sort() }
  }

  /// The place in `points` of the layer whose output are the logits; nil where no layer's is.
  package var logitsPoint: Int? { points.firstIndex { $0.value == logits } }

  /// The bytes of one sample's live values at the worst step, for one network.
  package var liveBytesPerSample: Int {
    var live = inputs.map { shapes[$0].reduce(1, *) }.reduce(0, +)
    var worst = live
    for step in steps {
      live += step.outputs.map { shapes[$0].reduce(1, *) }.reduce(0, +)
      worst = max(worst, live)
      live -= step.released.map { shapes[$0].reduce(1, *) }.reduce(0, +)
    }
    return worst * MemoryLayout<Float>.stride
  }
}

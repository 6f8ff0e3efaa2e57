package import Checkpoints

/// Layers that are an activation and nothing else: `Activation`, `ReLU`, `LeakyReLU`, `ELU`, `Softmax`.
package struct ActivationLayers: Layer {
  package static let classNames = ["Activation", "ReLU", "LeakyReLU", "ELU", "Softmax"]
  private let function: Activation?
  /// The axes of a softmax, batch axis counted.
  private let axes: [Int]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    if let make = Self.activation(of: configuration) {
      function = try make()
    } else {
      function = try .reading(configuration["activation"], of: configuration)
    }
    axes = try configuration.ints("axis", default: [-1])
  }

  /// The activation that a layer's configuration means, or nil for a layer that isn't one of these.
  static func activation(
    of configuration: LayerConfiguration
  ) -> (() throws(CheckpointError) -> Activation)? {
    switch configuration.className {
    case "ReLU":
      { () throws(CheckpointError) in
        .relu(
          maximum: configuration["max_value"]?.double.map { Float($0) },
          slope: Float(try configuration.double("negative_slope", default: 0)),
          threshold: Float(try configuration.double("threshold", default: 0)))
      }
    case "LeakyReLU":
      { () throws(CheckpointError) in
        let slope = try configuration.double(
          "negative_slope", default: configuration["alpha"]?.double ?? 0.3)
        return .relu(maximum: nil, slope: Float(slope), threshold: 0)
      }
    case "ELU":
      { () throws(CheckpointError) in
        .elu(alpha: Float(try configuration.double("alpha", default: 1)))
      }
    case "Softmax":
      { () throws(CheckpointError) in Activation("softmax", .row(.softmax)) }
    default: nil
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard let shape = call.inputs.first else {
      throw call.configuration.error("is called without an input")
    }
    guard call.inputs.count == 1, call.configuration.className != "Softmax" || !call.areMasked[0]
    else {
      throw call.configuration.error(
        "is called with a \"mask\", which isn't supported",
        remedy: "take the layer apart and subtract a large number where the mask is false")
    }
    guard let function else {
      return LayerPlan(outputs: [shape], keepsMask: true, isExact: true) { _ in PassThrough() }
    }
    // Only a softmax has an axis; other axes than the last are brought to the end and back.
    guard case .row = function.form, axes != [-1], axes != [shape.count] else {
      return LayerPlan(
        outputs: [function.outputShape(shape)], keepsMask: true, pureActivation: function
      ) { batch throws(CheckpointError) in
        ActivationKernel(application: try function.makeApplication([batch] + shape))
      }
    }
    var places: [Int] = []
    for axis in axes { places.append(try call.configuration.axis(axis, rank: shape.count + 1)) }
    places.sort()
    guard let first = places.first, first > 0, Set(places).count == places.count else {
      throw call.configuration.error(
        "works along \"axis\" \(axes); different axes behind the batch are supported")
    }
    return LayerPlan(outputs: [shape], keepsMask: true, pureActivation: function) {
      [places] batch throws(CheckpointError) in
      let full = [batch] + shape
      let others = full.indices.filter { !places.contains($0) }
      let moved = Transposition(full, order: others + places)
      // Several axes are one row.
      let rows = others.map { full[$0] } + [places.map { full[$0] }.reduce(1, *)]
      return MovedActivationKernel(
        forth: moved, application: try function.makeApplication(rows), back: moved.inverse)
    }
  }
}

extension LayerConfiguration {
  /// An axis counted from the front, of an axis that may be counted from behind.
  ///
  /// - Throws: ``CheckpointError`` where there is no such axis.
  func axis(_ axis: Int, rank: Int) throws(CheckpointError) -> Int {
    let place = axis < 0 ? axis + rank : axis
    guard (0..<rank).contains(place) else {
      throw error("names axis \(axis), but its input has \(rank) axes")
    }
    return place
  }
}

/// Gives its input back.
struct PassThrough: LayerKernel {
  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    [inputs[0]]
  }
}

/// An activation as a layer or a step of its own.
struct ActivationKernel: LayerKernel {
  let application: ActivationApplication

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    [Feature(try application(inputs[0].array, overwrites: false))]
  }
}

/// An activation along axes that aren't the last.
private struct MovedActivationKernel: LayerKernel {
  let forth: Transposition
  let application: ActivationApplication
  let back: Transposition

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    [Feature(back(try application(forth(inputs[0].array), overwrites: true)))]
  }
}

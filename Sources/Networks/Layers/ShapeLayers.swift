package import Checkpoints

/// `InputLayer`: where data enter.
package struct InputLayer: Layer {
  package static let classNames = ["InputLayer"]

  package init(_ configuration: LayerConfiguration) {}

  /// The shape in a configuration without the batch axis, nil for axes of any length; nil where none is given.
  package static func declaredShape(_ configuration: LayerConfiguration) -> [Int?]? {
    let shape =
      configuration["batch_shape"] ?? configuration["batch_input_shape"]
      ?? configuration["batch_shape_"]
    if let axes = shape?.array { return axes.dropFirst().map(\.int) }
    return configuration["shape"]?.array?.map(\.int)
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    throw call.configuration.error("is called with an input, but is an input itself")
  }
}

/// `Dropout` and its kin, noise, and other layers that do nothing at inference.
package struct IdentityLayers: Layer {
  package static let classNames = [
    "Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "GaussianNoise",
    "GaussianDropout", "AlphaDropout", "ActivityRegularization", "Identity", "RandomFlip",
    "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    "RandomCrop", "StochasticDepth",
  ]

  package init(_ configuration: LayerConfiguration) {}

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    LayerPlan(outputs: [try call.onlyInput()], keepsMask: true, isExact: true) { _ in PassThrough()
    }
  }
}

/// `Flatten`: all axes behind the batch as one; channels first are moved last before, as Keras does.
package struct Flatten: Layer {
  package static let classNames = ["Flatten"]
  private let isChannelsFirst: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    isChannelsFirst =
      try configuration.string("data_format", default: "channels_last") == "channels_first"
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let output = [input.reduce(1, *)]
    let moves = isChannelsFirst && input.count > 1
    return LayerPlan(outputs: [output], isExact: true) { batch in
      let full = [batch] + input
      return ReshapeKernel(
        transposition: moves
          ? Transposition(full, order: [0] + Array(2..<full.count) + [1]) : nil,
        shape: [batch] + output)
    }
  }
}

/// `Reshape`: another shape of as many elements; one axis of -1 takes what is left.
package struct Reshape: Layer {
  package static let classNames = ["Reshape"]
  private let target: [Int]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    target = try configuration.ints("target_shape")
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let output = try call.configuration.shape(target, holding: input)
    return LayerPlan(outputs: [output], isExact: true) { batch in
      ReshapeKernel(transposition: nil, shape: [batch] + output)
    }
  }
}

extension LayerConfiguration {
  /// A target shape with its -1 filled in.
  ///
  /// - Throws: ``CheckpointError`` where the shape doesn't hold as many elements as the input.
  func shape(_ target: [Int], holding input: [Int]) throws(CheckpointError) -> [Int] {
    let total = input.reduce(1, *)
    let known = target.filter { $0 != -1 }.reduce(1, *)
    let free = target.count { $0 == -1 }
    guard free <= 1, target.allSatisfy({ $0 >= -1 }),
      free == 0 ? known == total : known > 0 && total % known == 0
    else {
      throw error(
        "reshapes \(shapeText(input)) to \(target), which doesn't hold as many elements")
    }
    return target.map { $0 == -1 ? total / known : $0 }
  }
}

/// Another shape for the same values, which may be moved before.
struct ReshapeKernel: LayerKernel {
  let transposition: Transposition?
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let array = inputs[0].array
    return [Feature((transposition.map { $0(array) } ?? array).reshaped(shape))]
  }
}

/// `Permute`: the axes behind the batch in another order; `dims` counts from 1.
package struct Permute: Layer {
  package static let classNames = ["Permute"]
  private let order: [Int]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    order = try configuration.ints("dims")
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    guard order.sorted() == Array(1...max(1, input.count)), order.count == input.count else {
      throw call.configuration.error("permutes by \(order), but its input has \(input.count) axes")
    }
    let output = order.map { input[$0 - 1] }
    return LayerPlan(outputs: [output], isExact: true) { [order] batch in
      ReshapeKernel(
        transposition: Transposition([batch] + input, order: [0] + order), shape: [batch] + output)
    }
  }
}

/// `RepeatVector`: (features) becomes (n, features).
package struct RepeatVector: Layer {
  package static let classNames = ["RepeatVector"]
  private let count: Int

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    count = try configuration.int("n")
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    guard input.count == 1, count >= 0 else {
      throw call.configuration.error("takes a vector, but its input is \(shapeText(input))")
    }
    return LayerPlan(outputs: [[count] + input], isExact: true) { [count] batch in
      RepeatKernel(shape: [batch, count, input[0]])
    }
  }
}

private struct RepeatKernel: LayerKernel {
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let result = FloatArray(shape)
    let width = shape[2]
    for sample in 0..<shape[0] {
      let values = unsafe inputs[0].array.values(sample * width..<(sample + 1) * width)
      for place in 0..<shape[1] {
        let start = (sample * shape[1] + place) * width
        _ = unsafe result.target(start..<start + width).update(fromContentsOf: values)
      }
    }
    return [Feature(result)]
  }
}

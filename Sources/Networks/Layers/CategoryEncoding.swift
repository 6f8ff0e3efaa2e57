package import Checkpoints

/// `CategoryEncoding`: integers as vectors: one for each (`one_hot`), or one for all of a sample that
/// says which occur (`multi_hot`) or how often (`count`).
package struct CategoryEncoding: Layer {
  package static let classNames = ["CategoryEncoding"]
  private let depth: Int
  private let mode: CategoryMode

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    depth = try configuration.int("num_tokens")
    mode = try configuration.categoryMode(default: "multi_hot")
    guard depth > 0, depth < 1 << 32, mode != .int else {
      throw configuration.error(
        "has the \"output_mode\" \"\(mode.rawValue)\" with \(depth) \"num_tokens\"")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    guard call.keywords["count_weights"] == nil else {
      throw call.configuration.error("is called with \"count_weights\", which isn't supported")
    }
    let input = try call.onlyInput()
    return try .encoding(input, depth: depth, mode: mode, call.configuration) { Double($0) }
  }
}

/// `Discretization`: the number of the bin that a value falls in, encoded as categories are.
package struct Discretization: Layer {
  package static let classNames = ["Discretization"]
  private let boundaries: [Float]
  private let mode: CategoryMode

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    guard let array = try configuration.array("bin_boundaries"), array.shape.count == 1 else {
      throw configuration.error(
        "has no \"bin_boundaries\"", remedy: "adapt the layer and save the model again")
    }
    boundaries = array.elements
    mode = try configuration.categoryMode(default: "int")
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    return try .encoding(input, depth: boundaries.count + 1, mode: mode, call.configuration) {
      [boundaries] value in
      // A value on a boundary belongs to the bin behind it.
      Double(boundaries.firstIndex { value < $0 } ?? boundaries.count)
    }
  }
}

/// How categories are told.
enum CategoryMode: String, Sendable {
  case int
  case oneHot = "one_hot"
  case multiHot = "multi_hot"
  case count
}

extension LayerConfiguration {
  fileprivate func categoryMode(default name: String) throws(CheckpointError) -> CategoryMode {
    let name = try string("output_mode", default: name)
    guard let mode = CategoryMode(rawValue: name) else {
      throw error("has the \"output_mode\" \"\(name)\", which isn't supported")
    }
    guard try !bool("sparse", default: false) else {
      throw error("has the option \"sparse\", which isn't supported")
    }
    return mode
  }
}

extension LayerPlan {
  /// The plan of a layer that makes categories of values and encodes them.
  fileprivate static func encoding(
    _ input: [Int], depth: Int, mode: CategoryMode, _ configuration: LayerConfiguration,
    category: @escaping @Sendable (Float) -> Double
  ) throws(CheckpointError) -> LayerPlan {
    let output: [Int]
    switch mode {
    case .int: output = input
    case .oneHot: output = (input.last == 1 ? input.dropLast() : input[...]) + [depth]
    case .multiHot, .count:
      guard input.count == 1 else {
        throw configuration.error(
          "has the \"output_mode\" \"\(mode.rawValue)\" for an input of \(shapeText(input)); vectors are supported"
        )
      }
      output = [depth]
    }
    return LayerPlan(outputs: [output]) { batch in
      EncodingKernel(mode: mode, depth: depth, shape: [batch] + output, category: category)
    }
  }
}

private struct EncodingKernel: LayerKernel {
  let mode: CategoryMode
  let depth: Int
  let shape: [Int]
  let category: @Sendable (Float) -> Double

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let input = inputs[0].array
    let result = FloatArray(shape)
    if mode == .int {
      for place in 0..<input.count {
        unsafe result.pointer[place] = Float(category(input.pointer[place]))
      }
      return [Feature(result)]
    }
    unsafe result.target(0..<result.count).update(repeating: 0)
    // The values that share a vector.
    let width = mode == .oneHot ? 1 : max(1, input.count / max(1, shape[0]))
    for place in 0..<input.count {
      // Keras cuts fractions off and leaves vectors zero for what is no category.
      let number = unsafe category(input.pointer[place]).rounded(.towardZero)
      guard number >= 0, number < Double(depth) else { continue }
      let target = place / width * depth + Int(number)
      unsafe result.pointer[target] = mode == .count ? result.pointer[target] + 1 : 1
    }
    return [Feature(result)]
  }
}

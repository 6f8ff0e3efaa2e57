package import Checkpoints

/// `keras.ops.reshape`, `expand_dims`, `squeeze`, `transpose`, `concatenate`: values keep, places change.
package struct ShapeOperations: Layer {
  package static let isOperation = true
  package static let classNames = ["Concatenate", "ExpandDims", "Reshape", "Squeeze", "Transpose"]

  private let className: String

  package init(_ configuration: LayerConfiguration) { className = configuration.className }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    if className == "Concatenate" {
      let axis = call.setting("axis", place: 1)?.int ?? -1
      return try Concatenate.plan(call, axis: axis, takesMasks: false)
    }
    let input = try call.tensor()
    if className == "Transpose" { return try transposing(input, call) }
    let output = try shape(input, call)
    return LayerPlan(outputs: [output], isExact: true) { batch in
      ReshapeKernel(transposition: nil, shape: [batch] + output)
    }
  }

  private func transposing(_ input: [Int], _ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let rank = input.count + 1
    guard let axes = try call.axes("axes", place: 1, rank: rank), axes.first == 0,
      axes.sorted() == Array(0..<rank)
    else {
      throw call.configuration.error("has \"axes\" that don't leave the batch in its place")
    }
    return LayerPlan(outputs: [axes.dropFirst().map { input[$0 - 1] }], isExact: true) { batch in
      let moved = Transposition([batch] + input, order: axes)
      return ReshapeKernel(transposition: moved, shape: moved.outputShape)
    }
  }

  /// The shape that the input is given, without the batch axis.
  private func shape(_ input: [Int], _ call: LayerCall) throws(CheckpointError) -> [Int] {
    switch className {
    case "Reshape":
      let value = call.setting("newshape", place: 1) ?? call.setting("shape", place: 1)
      guard let target = value?.integers ?? value?.int.map({ [$0] }), target.first == -1 else {
        throw call.configuration.error(
          "has a \"newshape\" that doesn't begin with -1 for the batch",
          remedy: "use the layer Reshape, which leaves the batch alone")
      }
      return try call.configuration.shape(Array(target.dropFirst()), holding: input)
    case "ExpandDims":
      guard var axes = try call.axes("axis", place: 1, rank: input.count + 2), axes.count == 1,
        let axis = axes.popLast(), axis > 0
      else { throw call.configuration.error("has no \"axis\" behind the batch") }
      var output = input
      output.insert(1, at: axis - 1)
      return output
    default:
      let axes =
        try call.axes("axis", place: 1, rank: input.count + 1)
        ?? input.indices.filter { input[$0] == 1 }.map { $0 + 1 }
      guard axes.allSatisfy({ $0 > 0 && input[$0 - 1] == 1 }) else {
        throw call.configuration.error("has an \"axis\" that isn't of length 1")
      }
      return input.indices.filter { !axes.contains($0 + 1) }.map { input[$0] }
    }
  }
}

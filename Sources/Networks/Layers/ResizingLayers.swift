package import Checkpoints

/// `UpSampling1D` to `3D`: every position several times; of images also in between.
package struct UpSampling: Layer {
  package static let classNames = ["UpSampling1D", "UpSampling2D", "UpSampling3D"]
  private let rank: Int
  private let factors: [Int]
  private let isChannelsFirst: Bool
  private let method: Interpolation.Method

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    rank =
      configuration.className.contains("1D") ? 1 : configuration.className.contains("3D") ? 3 : 2
    factors = try configuration.ints(
      "size", count: rank, default: [Int](repeating: 2, count: rank))
    isChannelsFirst = try configuration.isChannelsFirst()
    method = try configuration.interpolation(default: "nearest")
    guard factors.allSatisfy({ (1...1 << 16).contains($0) }) else {
      throw configuration.error("has the \"size\" \(factors)")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let (sizes, _) = try call.configuration.spatial(
      input, rank: rank, isChannelsFirst: isChannelsFirst)
    let axes = zip(sizes, factors).map { size, factor in
      method == .nearest
        ? Interpolation(repeating: size, times: factor)
        : Interpolation(from: size, to: size * factor, method: method, widens: false)
    }
    return .resizing(
      input, axes, isChannelsFirst: isChannelsFirst, isExact: method == .nearest)
  }
}

/// `Resizing`: images of another height and width.
package struct Resizing: Layer {
  package static let classNames = ["Resizing"]
  private let size: [Int]
  private let isChannelsFirst: Bool
  private let method: Interpolation.Method
  private let widens: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    size = [try configuration.int("height"), try configuration.int("width")]
    isChannelsFirst = try configuration.isChannelsFirst()
    method = try configuration.interpolation(default: "bilinear")
    widens = try configuration.bool("antialias", default: false)
    for option in ["crop_to_aspect_ratio", "pad_to_aspect_ratio"] {
      guard try !configuration.bool(option, default: false) else {
        throw configuration.error(
          "has the option \"\(option)\", which isn't supported",
          remedy: "cut the images before, and save the model without it")
      }
    }
    guard size.allSatisfy({ (1...1 << 20).contains($0) }) else {
      throw configuration.error("has the size \(shapeText(size))")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let (sizes, _) = try call.configuration.spatial(
      input, rank: 2, isChannelsFirst: isChannelsFirst)
    guard sizes.allSatisfy({ $0 > 0 }) else {
      throw call.configuration.error("resizes nothing: its input is \(shapeText(input))")
    }
    let axes = zip(sizes, size).map {
      Interpolation(from: $0, to: $1, method: method, widens: widens)
    }
    return .resizing(
      input, axes, isChannelsFirst: isChannelsFirst, isExact: method == .nearest)
  }
}

/// `CenterCrop`: the middle of images; images that are too small are refused, for Keras would enlarge them.
package struct CenterCrop: Layer {
  package static let classNames = ["CenterCrop"]
  private let size: [Int]
  private let isChannelsFirst: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    size = [try configuration.int("height"), try configuration.int("width")]
    isChannelsFirst = try configuration.isChannelsFirst()
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    let (sizes, _) = try call.configuration.spatial(
      input, rank: 2, isChannelsFirst: isChannelsFirst)
    guard zip(size, sizes).allSatisfy({ $0 > 0 && $0 <= $1 }) else {
      throw call.configuration.error(
        "cuts \(shapeText(size)) out of its input of \(shapeText(input)); enlarging isn't supported"
      )
    }
    var output = input
    var starts = [Int](repeating: 0, count: input.count)
    for place in size.indices {
      let axis = place + (isChannelsFirst ? 1 : 0)
      output[axis] = size[place]
      starts[axis] = (sizes[place] - size[place]) / 2
    }
    return LayerPlan(outputs: [output], isExact: true) { [output, starts] batch in
      WindowKernel(from: [batch] + input, to: [batch] + output, starts: [0] + starts)
    }
  }
}

extension LayerPlan {
  /// The plan of a layer that resizes spatial axes, each by itself.
  fileprivate static func resizing(
    _ input: [Int], _ axes: [Interpolation], isChannelsFirst: Bool, isExact: Bool
  ) -> LayerPlan {
    let first = isChannelsFirst ? 1 : 0
    var output = input
    for (place, axis) in axes.enumerated() { output[first + place] = axis.sources.count }
    return LayerPlan(outputs: [output], isExact: isExact) { _ in
      ResizingKernel(axes: axes, firstAxis: first + 1)
    }
  }
}

private struct ResizingKernel: LayerKernel {
  let axes: [Interpolation]
  let firstAxis: Int

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    var result = inputs[0].array
    for (place, axis) in axes.enumerated() { result = axis(result, axis: firstAxis + place) }
    return [Feature(result)]
  }
}

extension LayerConfiguration {
  /// How values between positions are found.
  fileprivate func interpolation(
    default name: String
  ) throws(CheckpointError) -> Interpolation.Method {
    let name = try string("interpolation", default: name).lowercased()
    guard let method = Interpolation.Method(rawValue: name) else {
      throw error(
        "has the \"interpolation\" \"\(name)\", which isn't supported",
        remedy: "supported are "
          + Interpolation.Method.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return method
  }
}

package import Checkpoints

/// `Cropping1D` to `3D` and `ZeroPadding1D` to `3D`: fewer or more positions before and behind each spatial axis.
package struct WindowLayers: Layer {
  package static let classNames = [
    "Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
  ]
  private let isChannelsFirst: Bool
  /// What is added before and behind each spatial axis; negative where it is cut.
  private let margins: [(before: Int, after: Int)]

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    let rank =
      configuration.className.contains("1D") ? 1 : configuration.className.contains("3D") ? 3 : 2
    let crops = configuration.className.hasPrefix("Crop")
    let key = crops ? "cropping" : "padding"
    isChannelsFirst = try configuration.isChannelsFirst()
    let value = configuration[key]
    var pairs: [(before: Int, after: Int)] = []
    for axis in 0..<rank {
      // An integer for all; one an axis; a pair an axis. A pair alone is that of a single axis.
      let one = value?.int ?? (rank == 1 ? nil : value?[axis]?.int)
      let pair = rank == 1 && value?[0]?.int != nil ? value : value?[axis]
      guard let before = one ?? pair?[0]?.int, let after = one ?? pair?[1]?.int, before >= 0,
        after >= 0, before < 1 << 32, after < 1 << 32
      else { throw configuration.error("\"\(key)\" isn't a margin for each axis") }
      pairs.append(crops ? (-before, -after) : (before, after))
    }
    margins = pairs
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    _ = try call.configuration.spatial(
      input, rank: margins.count, isChannelsFirst: isChannelsFirst)
    var output = input
    var starts = [Int](repeating: 0, count: input.count)
    for (place, margin) in margins.enumerated() {
      let axis = place + (isChannelsFirst ? 1 : 0)
      output[axis] += margin.before + margin.after
      starts[axis] = -margin.before
      guard output[axis] > 0 else {
        throw call.configuration.error("cuts away all of its input of \(shapeText(input))")
      }
    }
    return LayerPlan(outputs: [output], isExact: true) { [output, starts] batch in
      WindowKernel(from: [batch] + input, to: [batch] + output, starts: [0] + starts)
    }
  }
}

/// Copies the part of an array that lies in a window; where the window reaches beyond it there are zeros.
struct WindowKernel: LayerKernel {
  private let shape: [Int]
  private var input: [Int]
  private var output: [Int]
  private var starts: [Int]

  /// The window begins at `starts` in the input and has the output's shape.
  init(from input: [Int], to output: [Int], starts: [Int]) {
    shape = output
    (self.input, self.output, self.starts) = (input, output, starts)
    // Axes that stay whole are one with the axis before, so that rows are long: of images with few
    // channels a row is a line of the image and not a pixel.
    while let width = self.output.last, self.output.count > 1, self.input.last == width,
      self.starts.last == 0
    {
      let axis = self.output.count - 2
      self.input.removeLast()
      self.output.removeLast()
      self.starts.removeLast()
      self.input[axis] *= width
      self.output[axis] *= width
      self.starts[axis] *= width
    }
  }

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let array = inputs[0].array
    let result = FloatArray(shape)
    guard result.count > 0, let width = output.last, let inputWidth = input.last,
      let start = starts.last
    else { return [Feature(result)] }
    // Of each row of the result, what the input has.
    let inside =
      min(max(0, -start), width)..<max(min(max(0, -start), width), min(width, inputWidth - start))
    Threads.forEachRange(of: result.count / width, grain: max(1, (1 << 14) / width)) { rows in
      for row in rows {
        let first = row * width
        guard let source = self.source(ofRow: row), !inside.isEmpty else {
          unsafe result.target(first..<first + width).update(repeating: 0)
          continue
        }
        let from = source * inputWidth + start + inside.lowerBound
        unsafe result.target(first..<first + inside.lowerBound).update(repeating: 0)
        _ = unsafe result.target(first + inside.lowerBound..<first + inside.upperBound).update(
          fromContentsOf: array.values(from..<from + inside.count))
        unsafe result.target(first + inside.upperBound..<first + width).update(repeating: 0)
      }
    }
    return [Feature(result)]
  }

  /// The input's row for a row of the result, or nil outside of it.
  private func source(ofRow row: Int) -> Int? {
    var rest = row
    var source = 0
    var step = 1
    for axis in output.indices.dropLast().reversed() {
      let place = rest % output[axis] + starts[axis]
      guard (0..<input[axis]).contains(place) else { return nil }
      source += place * step
      step *= input[axis]
      rest /= output[axis]
    }
    return source
  }
}

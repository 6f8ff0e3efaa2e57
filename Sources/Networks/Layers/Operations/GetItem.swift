package import Checkpoints

/// `x[…]`: integers and slices behind the batch, which is taken whole.
package struct GetItem: Layer {
  package static let isOperation = true
  package static let classNames = ["GetItem"]

  package init(_ configuration: LayerConfiguration) {}

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.tensor()
    guard case .constant(let key)? = call.argument(1, ["key", "slice_spec"]) else {
      throw call.configuration.error("has no constant key")
    }
    var parts = key.array ?? [key]
    if let place = parts.firstIndex(where: \.isEllipsis) {
      let missing = input.count + 1 - (parts.count - 1)
      let whole = JSONValue.object([:])
      parts.replaceSubrange(
        place...place, with: [JSONValue](repeating: whole, count: max(0, missing)))
    }
    guard parts.count <= input.count + 1, let batch = parts.first, batch.int == nil,
      Slice(batch, count: Int.max)?.isWhole == true
    else { throw call.configuration.error("has a key that doesn't take the whole batch") }
    var output: [Int] = []
    var picks: [[Int]] = []
    for (axis, size) in input.enumerated() {
      guard axis + 1 < parts.count else {
        output.append(size)
        picks.append(Array(0..<size))
        continue
      }
      if let index = parts[axis + 1].int {
        picks.append([try call.configuration.axis(index, rank: size)])
      } else if let slice = Slice(parts[axis + 1], count: size) {
        picks.append(slice.places)
        output.append(slice.places.count)
      } else {
        throw call.configuration.error("has a key that is neither an integer nor a slice")
      }
    }
    return LayerPlan(outputs: [output], isExact: true) { [picks, output] batch in
      PickKernel(input: input, picks: picks, shape: [batch] + output)
    }
  }
}

/// A slice of Python: its places in an axis.
private struct Slice {
  let isWhole: Bool
  let places: [Int]

  /// Nil for what is no slice.
  ///
  /// For a count of `Int.max` only `isWhole` means something.
  init?(_ value: JSONValue, count: Int) {
    guard let members = value["config"]?.object ?? value.object else { return nil }
    let numbers = ["start", "stop", "step"].map { members[$0] ?? .null }
    guard numbers.allSatisfy({ $0.isNull || $0.int != nil }) else { return nil }
    let (start, stop) = (numbers[0].int, numbers[1].int)
    let step = numbers[2].int ?? 1
    isWhole = (start ?? 0) == 0 && stop == nil && step == 1
    guard count < Int.max else {
      places = []
      return
    }
    guard step > 0, step < 1 << 32 else { return nil }
    func bound(_ number: Int) -> Int { min(max(number < 0 ? number + count : number, 0), count) }
    let first = bound(start ?? 0)
    places = Array(stride(from: first, to: max(first, bound(stop ?? count)), by: step))
  }
}

extension JSONValue {
  /// Whether it is Python's `…`, which stands for all axes that aren't named.
  fileprivate var isEllipsis: Bool {
    self["class_name"]?.string == "__ellipsis__" || string == "Ellipsis" || string == "..."
  }
}

private struct PickKernel: LayerKernel {
  let input: [Int]
  /// The places that are taken of each axis.
  let picks: [[Int]]
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let array = inputs[0].array
    let result = FloatArray(shape)
    guard result.count > 0 else { return [Feature(result)] }
    let last = picks.last ?? [0]
    let sample = input.reduce(1, *)
    Threads.forEachRange(of: result.count / last.count, grain: max(1, 4096 / last.count)) { rows in
      for row in rows {
        var rest = row
        var source = 0
        var step = input.last ?? 1
        for axis in picks.indices.dropLast().reversed() {
          source += picks[axis][rest % picks[axis].count] * step
          step *= input[axis]
          rest /= picks[axis].count
        }
        source += rest * sample
        for (place, pick) in last.enumerated() {
          unsafe result.pointer[row * last.count + place] = array.pointer[source + pick]
        }
      }
    }
    return [Feature(result)]
  }
}

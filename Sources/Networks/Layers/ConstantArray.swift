internal import Checkpoints

extension JSONValue {
  /// A number, a nested list of numbers, or an array as Keras serialises it; nil for anything else.
  var floatArray: FloatArray? {
    if let members = object {
      // {"class_name": "__numpy__" or "__tensor__", "config": {"value": […], "dtype": "float32"}}
      guard let kind = members["class_name"]?.string, kind == "__numpy__" || kind == "__tensor__"
      else { return nil }
      return members["config"]?["value"]?.floatArray
    }
    var shape: [Int] = []
    var values: [Float] = []
    guard collect(into: &values, shape: &shape, depth: 0) else { return nil }
    return FloatArray(shape, values)
  }

  /// Adds the numbers in C order; false where lists differ in length or hold other things.
  private func collect(into values: inout [Float], shape: inout [Int], depth: Int) -> Bool {
    if let number = double {
      values.append(Float(number))
      return depth == shape.count
    }
    guard let elements = array, depth < 32 else { return false }
    if depth == shape.count {
      guard values.isEmpty else { return false }
      shape.append(elements.count)
    }
    guard shape[depth] == elements.count else { return false }
    for element in elements {
      guard element.collect(into: &values, shape: &shape, depth: depth + 1) else { return false }
    }
    return true
  }
}

extension LayerConfiguration {
  /// A number or array of numbers, or nil where it is absent.
  ///
  /// - Throws: ``CheckpointError`` where it is something else.
  func array(_ key: String) throws(CheckpointError) -> FloatArray? {
    guard let value = self[key] else { return nil }
    guard let result = value.floatArray else {
      throw error("\"\(key)\" isn't a number or a list of numbers")
    }
    return result
  }
}

internal import Checkpoints

/// What an operation takes: operations have settings in their configuration, among the call's arguments
/// by place, or by name, as the version of Keras and the way of calling have it.
extension LayerCall {
  /// Something an operation computes with.
  enum Operand {
    /// One of the call's inputs.
    case input(Int)
    /// A number or array from the configuration.
    case constant(FloatArray)
  }

  /// An argument by place or by one of its names.
  func argument(_ place: Int, _ names: [String]) -> ModelGraph.Argument? {
    if arguments.indices.contains(place) { return arguments[place] }
    return names.lazy.compactMap { keywords[$0] }.first
  }

  /// An operand.
  ///
  /// - Throws: ``CheckpointError`` where it is absent or no numbers.
  func operand(_ place: Int, _ names: [String]) throws(CheckpointError) -> Operand {
    switch argument(place, names) {
    case .value(let value):
      guard let input = values.firstIndex(of: value) else { break }
      return .input(input)
    case .constant(let constant):
      guard let array = constant.floatArray else { break }
      return .constant(array)
    default: break
    }
    throw configuration.error("its argument \(place + 1) is neither a tensor nor numbers")
  }

  /// The shape of the operation's only tensor.
  func tensor() throws(CheckpointError) -> [Int] { try onlyInput() }

  /// A setting, wherever it stands; nil where it is absent or null.
  func setting(_ name: String, place: Int) -> JSONValue? {
    if let value = configuration[name] { return value }
    guard case .constant(let value)? = argument(place, [name]), !value.isNull else { return nil }
    return value
  }

  /// A setting that is an axis or a list of them, counted from the front with the batch; nil where absent.
  ///
  /// - Throws: ``CheckpointError`` where there is no such axis.
  func axes(_ name: String, place: Int, rank: Int) throws(CheckpointError) -> [Int]? {
    guard let value = setting(name, place: place) else { return nil }
    guard let numbers = value.int.map({ [$0] }) ?? value.integers else {
      throw configuration.error("\"\(name)\" isn't an axis or a list of them")
    }
    var axes: [Int] = []
    for number in numbers { axes.append(try configuration.axis(number, rank: rank)) }
    return axes
  }
}

extension JSONValue {
  /// The integers of a list of nothing else, or nil.
  var integers: [Int]? {
    guard let elements = array else { return nil }
    let numbers = elements.compactMap(\.int)
    return numbers.count == elements.count ? numbers : nil
  }
}

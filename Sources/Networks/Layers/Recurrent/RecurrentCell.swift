internal import Checkpoints

/// What one time step of a recurrent layer computes.
///
/// - `SimpleRNNCell`: `h' = a(x W + b + h R)`.
/// - `LSTMCell`, gates i, f, c, o (Hochreiter and Schmidhuber 1997): `c' = f c + i a(z_c)`, `h' = o a(c')`.
/// - `GRUCell`, gates z, r, h (Cho et al. 2014): `h' = z h + (1 - z) a(x_h + r (h R_h + b_h))`, or with
///   `reset_after` false `a(x_h + (r h) R_h)`.
struct RecurrentCell: Sendable {
  /// The formula.
  enum Kind: Hashable, Sendable {
    case simple
    case lstm
    case gru(resetsAfter: Bool)
  }

  let kind: Kind
  let units: Int
  let hasBias: Bool
  let activation: Activation?
  let gateActivation: Activation?
  /// Keras's name, which the names of its weights begin with.
  let name: String

  /// Reads a cell, or a layer that is one cell.
  init(_ configuration: LayerConfiguration, name: String) throws(CheckpointError) {
    self.name = name
    units = try configuration.int("units", default: configuration["output_dim"]?.int)
    hasBias = try configuration.bool("use_bias", default: true)
    switch configuration.className {
    case "SimpleRNN", "SimpleRNNCell": kind = .simple
    case "LSTM", "LSTMCell": kind = .lstm
    case "GRU", "GRUCell":
      kind = .gru(resetsAfter: try configuration.bool("reset_after", default: false))
    default:
      throw configuration.error(
        "is a cell that isn't supported", remedy: "supported are SimpleRNNCell, LSTMCell, GRUCell")
    }
    activation = try Self.activation("activation", default: "tanh", of: configuration)
    gateActivation = try Self.activation(
      "recurrent_activation", default: "sigmoid", of: configuration)
    guard units > 0 else { throw configuration.error("has \(units) units, which can't be") }
  }

  /// An activation, for which null means none and absence the default.
  private static func activation(
    _ key: String, default name: String, of configuration: LayerConfiguration
  ) throws(CheckpointError) -> Activation? {
    let activation =
      configuration.values[key] == nil
      ? .named(name) : try Activation.reading(configuration[key], of: configuration)
    guard activation?.outputShape([2]) ?? [2] == [2] else {
      throw configuration.error("has the \"\(key)\" \"glu\", which changes the number of units")
    }
    return activation
  }

  /// The number of gates, each of which has a block of `units` columns in the kernels.
  var gateCount: Int {
    switch kind {
    case .simple: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// The number of arrays (batch, units) that go from step to step; the first is the output.
  var stateCount: Int { kind == .lstm ? 2 : 1 }

  /// The weights in Keras's order; `prefix` comes before the cell's name, `path` is its place in files.
  func slots(depth: Int, prefix: String, path: String) -> [ParameterSlot] {
    let columns = gateCount * units
    var result = [
      ParameterSlot(
        "\(prefix)\(name)/kernel", storePath: "\(path)/vars/0", shape: [depth, columns]),
      ParameterSlot(
        "\(prefix)\(name)/recurrent_kernel", storePath: "\(path)/vars/1", shape: [units, columns]),
    ]
    if hasBias {
      result.append(
        ParameterSlot(
          "\(prefix)\(name)/bias", storePath: "\(path)/vars/2",
          shape: kind == .gru(resetsAfter: true) ? [2, columns] : [columns]))
    }
    return result
  }
}

internal import Checkpoints

/// A recurrent layer's cells and what of their results is wanted: `SimpleRNN`, `LSTM`, `GRU`, or `RNN`
/// around one cell or several that feed one another.
struct RecurrentSequence: Sendable {
  let cells: [RecurrentCell]
  let returnsSequences: Bool
  let returnsState: Bool
  let isBackward: Bool
  let zeroesMasked: Bool
  private let isStack: Bool
  private let configuration: LayerConfiguration

  /// Keras's classes.
  static let classNames = ["SimpleRNN", "LSTM", "GRU", "RNN"]

  init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    self.configuration = configuration
    guard !(try configuration.bool("stateful", default: false)) else {
      throw configuration.error(
        "\"stateful\" isn't supported: its output depends on the batches before",
        remedy: "save the model with stateful=False")
    }
    guard !(try configuration.bool("time_major", default: false)) else {
      throw configuration.error("\"time_major\" isn't supported")
    }
    returnsSequences = try configuration.bool("return_sequences", default: false)
    returnsState = try configuration.bool("return_state", default: false)
    isBackward = try configuration.bool("go_backwards", default: false)
    zeroesMasked = try configuration.bool("zero_output_for_mask", default: false)
    switch configuration.className {
    case "RNN":
      let wrapped = try configuration.wrapped("cell")
      isStack = wrapped.className == "StackedRNNCells"
      guard isStack else {
        cells = [try RecurrentCell(wrapped, name: wrapped.name)]
        return
      }
      var cells: [RecurrentCell] = []
      for cell in wrapped["cells"]?.array ?? [] {
        let holder = LayerConfiguration(
          name: wrapped.name, className: wrapped.className, values: ["cell": cell])
        let settings = try holder.wrapped("cell")
        cells.append(try RecurrentCell(settings, name: "\(wrapped.name)/\(settings.name)"))
      }
      guard !cells.isEmpty, !returnsState else {
        throw configuration.error(
          cells.isEmpty
            ? "stacks no cells" : "\"return_state\" of stacked cells isn't supported")
      }
      self.cells = cells
    case "SimpleRNN", "LSTM", "GRU":
      let names = ["SimpleRNN": "simple_rnn_cell", "LSTM": "lstm_cell", "GRU": "gru_cell"]
      isStack = false
      cells = [try RecurrentCell(configuration, name: names[configuration.className] ?? "cell")]
    default:
      throw configuration.error(
        "isn't a recurrent layer that is supported",
        remedy: "supported are \(Self.classNames.joined(separator: ", "))")
    }
  }

  /// The units of the output.
  var units: Int { cells.last?.units ?? 0 }

  /// The shapes of the outputs behind the batch.
  func outputs(steps: Int) -> [[Int]] {
    [returnsSequences ? [steps, units] : [units]]
      + (returnsState
        ? cells.flatMap { cell in (0..<cell.stateCount).map { _ in [cell.units] } } : [])
  }

  /// How many initial states a call may give; 0 where it may give none.
  var stateCount: Int { isStack ? 0 : cells[0].stateCount }

  /// The weights in Keras's order.
  func slots(depth: Int, prefix: String = "", path: String = "") -> [ParameterSlot] {
    var depth = depth
    var result: [ParameterSlot] = []
    var seen: [RecurrentCell.Kind: Int] = [:]
    for cell in cells {
      var place = "\(path)cell"
      if isStack {
        // Keras numbers cells of one class.
        let number = seen[cell.kind.group, default: 0]
        seen[cell.kind.group] = number + 1
        place += "/cells/\(cell.kind.storeName)\(number == 0 ? "" : "_\(number)")"
      }
      result += cell.slots(depth: depth, prefix: prefix, path: place)
      depth = cell.units
    }
    return result
  }

  /// What computes it.
  func passes(batch: Int, steps: Int, depth: Int) throws(CheckpointError) -> [RecurrentPass] {
    var depth = depth
    var result: [RecurrentPass] = []
    for cell in cells {
      result.append(try RecurrentPass(cell, batch: batch, steps: steps, depth: depth))
      depth = cell.units
    }
    return result
  }
}

extension RecurrentCell.Kind {
  /// Keras's file name for a cell in a stack.
  fileprivate var storeName: String {
    switch self {
    case .simple: "simple_rnn_cell"
    case .lstm: "lstm_cell"
    case .gru: "gru_cell"
    }
  }

  /// One for all cells of a class.
  fileprivate var group: RecurrentCell.Kind {
    if case .gru = self { .gru(resetsAfter: true) } else { self }
  }
}

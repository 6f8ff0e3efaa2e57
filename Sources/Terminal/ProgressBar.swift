internal import Checkpoints
internal import Synchronization

/// One line on the terminal: what is done, rate and time left.
package final class ProgressBar: Sendable {
  /// What is counted.
  package enum Unit: Sendable {
    case bytes
    case samples

    fileprivate func words(_ count: Int) -> String {
      switch self {
      case .bytes: byteText(count)
      case .samples: counted(count, "sample")
      }
    }
  }

  private struct State {
    var lastDrawn = ContinuousClock.now
    var width = 0
  }

  private let isShown: Bool
  private let unit: Unit
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  package init(isShown: Bool, unit: Unit = .bytes) {
    self.isShown = isShown
    self.unit = unit
  }

  /// Draws the line again, at most ten times a second and not at once: a short merge shows none.
  package func update(_ done: Int, of total: Int) {
    guard isShown, total > 0 else { return }
    let now = ContinuousClock.now
    state.withLock { state in
      if now - state.lastDrawn < .milliseconds(100) { return }
      state.lastDrawn = now
      let seconds = max((now - start).seconds, 1e-3)
      let rate = Double(done) / seconds
      let left = Int((Double(total - done) / max(rate, 1)).rounded(.up))
      let minutes = left / 60
      let rest = left % 60
      let text =
        "\(done * 100 / total) %  \(unit.words(done)) of \(unit.words(total))  "
        + "\(unit.words(Int(rate)))/s  \(minutes):\(rest < 10 ? "0" : "")\(rest) left"
      let padding = String(repeating: " ", count: max(0, state.width - text.count))
      state.width = text.count
      redraw("\r\(text)\(padding)")
    }
  }

  /// Wipes the line.
  package func finish() {
    state.withLock { state in
      if state.width > 0 { redraw("\r\(String(repeating: " ", count: state.width))\r") }
    }
  }
}

extension Duration {
  /// The duration in seconds.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

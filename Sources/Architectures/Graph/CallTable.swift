import Checkpoints

/// The calls of one model with references looked up, in the order in which they can run.
struct CallTable {
  /// A call: whose, and with what.
  struct Call {
    /// The place in the model's members.
    let member: Int
    /// Its arguments; nil for an `InputLayer`.
    let call: KerasCall?
  }

  /// All calls, those of a member side by side.
  let calls: [Call]
  /// Places in `calls`: the order of Keras's list of layers where that order can run, otherwise with
  /// what a call needs moved in front of it.
  private(set) var order: [Int] = []

  private let model: KerasModel
  private let path: String
  private let file: String?
  private let members: [String: Int]
  /// The place of each member's first call in `calls`.
  private let firsts: [Int]
  /// From which number Keras counts a member's calls, in arguments and in the model's outputs.
  private var offsets: (arguments: [Int], outputs: [Int])

  /// The table of a model with functional wiring.
  ///
  /// - Throws: ``CheckpointError`` where a reference leads nowhere or calls form a loop.
  init(
    _ model: KerasModel, outputs: [KerasReference], path: String, file: String?
  ) throws(CheckpointError) {
    self.model = model
    self.path = path
    self.file = file
    var calls: [Call] = []
    var firsts: [Int] = []
    var members: [String: Int] = [:]
    for (place, member) in model.members.enumerated() {
      firsts.append(calls.count)
      members[member.name] = place
      if member.isInput {
        calls.append(Call(member: place, call: nil))
      } else {
        calls += member.calls.map { Call(member: place, call: $0) }
      }
    }
    firsts.append(calls.count)
    self.calls = calls
    self.firsts = firsts
    self.members = members
    let none = [Int](repeating: 0, count: model.members.count)
    offsets = (none, none)
    findOffsets(outputs: outputs)
    order = try runnableOrder()
  }

  /// The place in `calls` that a reference in an argument means.
  func place(of reference: KerasReference) throws(CheckpointError) -> Int {
    try place(of: reference, offsets: offsets.arguments)
  }

  /// The place in `calls` that a reference in the model's outputs means.
  func place(ofOutput reference: KerasReference) throws(CheckpointError) -> Int {
    try place(of: reference, offsets: offsets.outputs)
  }

  private func place(
    of reference: KerasReference, offsets: [Int]
  ) throws(CheckpointError) -> Int {
    guard let member = members[reference.layer] else {
      throw .graph(
        file, "layer \(path)\(reference.layer)", "is referred to but isn't in the model", .damaged)
    }
    let count = firsts[member + 1] - firsts[member]
    let call =
      model.members[member].isInput
      ? 0 : reference.call.subtractingReportingOverflow(offsets[member]).partialValue
    guard (0..<count).contains(call), (0..<CallTable.maximumOutputs).contains(reference.output)
    else {
      throw .graph(
        file, "layer \(path)\(reference.layer)",
        "output \(reference.output) of its call \(reference.call) is referred to, but it has "
          + "\(count) calls", .damaged)
    }
    return firsts[member] + call
  }

  /// More outputs than any layer gives.
  private static let maximumOutputs = 4096

  /// Keras counts the calls of some nested models from 1, because building the model was a call.
  ///
  /// Which ones depends on its version and on how the model was built, so the numbers themselves decide
  /// where they can: the last call's output is always used by something.
  private mutating func findOffsets(outputs: [KerasReference]) {
    let isKeras3 = model.members.contains(where: \.isKeras3)
    let arguments = calls.flatMap { $0.call?.references ?? [] }
    let used = (numbers(in: arguments), numbers(in: outputs))
    for (place, member) in model.members.enumerated() {
      guard case .model(let nested) = member.content else { continue }
      let count = member.calls.count
      let startsWithInput = nested.members.first?.isInput ?? false
      let isBuilt = !nested.isSequential || startsWithInput
      if isKeras3 {
        offsets.arguments[place] = offset(used.0[place], count, usual: 0)
        offsets.outputs[place] = offset(used.1[place], count, usual: nested.isSequential ? 0 : 1)
      } else {
        let offset = offset(used.0[place].union(used.1[place]), count, usual: isBuilt ? 1 : 0)
        offsets.arguments[place] = offset
        offsets.outputs[place] = offset
      }
    }
  }

  private func offset(_ numbers: Set<Int>, _ count: Int, usual: Int) -> Int {
    if numbers.contains(count) { return 1 }
    return numbers.contains(0) ? 0 : usual
  }

  /// The calls of each member that references name.
  private func numbers(in references: [KerasReference]) -> [Set<Int>] {
    var numbers = [Set<Int>](repeating: [], count: model.members.count)
    for reference in references {
      guard let member = members[reference.layer] else { continue }
      numbers[member].insert(reference.call)
    }
    return numbers
  }

  /// A depth-first walk in the order of the list, with its own stack: chains may be long.
  private func runnableOrder() throws(CheckpointError) -> [Int] {
    enum State { case new, open, done }
    var states = [State](repeating: .new, count: calls.count)
    var order: [Int] = []
    order.reserveCapacity(calls.count)
    for start in calls.indices where states[start] == .new {
      var stack: [(call: Int, needs: [Int], next: Int)] = []
      stack.append((start, try needs(of: start), 0))
      states[start] = .open
      while let top = stack.last {
        guard top.next < top.needs.count else {
          states[top.call] = .done
          order.append(top.call)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].next += 1
        let need = top.needs[top.next]
        switch states[need] {
        case .done: continue
        case .open:
          let name = model.members[calls[need].member].name
          throw .graph(file, "layer \(path)\(name)", "its calls form a loop", .damaged)
        case .new:
          states[need] = .open
          stack.append((need, try needs(of: need), 0))
        }
      }
    }
    return order
  }

  private func needs(of call: Int) throws(CheckpointError) -> [Int] {
    var needs: [Int] = []
    for reference in calls[call].call?.references ?? [] {
      needs.append(try place(of: reference))
    }
    return needs
  }
}

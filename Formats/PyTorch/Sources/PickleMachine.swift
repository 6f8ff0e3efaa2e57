import Checkpoints

/// Reads a pickle as data.
///
/// A pickle is a program for a stack machine, some of whose instructions import and call. This
/// machine knows the instructions that build data; an import gives a name, a call of anything but the
/// functions of ``TorchNames`` an inert object, and nothing is ever executed.
/// Source: `pickletools.py` of Python, `torch/_weights_only_unpickler.py`.
struct PickleMachine {
  /// What is wrong with a pickle.
  struct Fault: Error {
    let fact: String

    init(_ fact: String) {
      self.fact = fact
    }
  }

  private var reader: LittleEndianReader
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  private init(_ bytes: [UInt8]) {
    reader = LittleEndianReader(bytes)
  }

  /// The value of a pickle.
  ///
  /// - Throws: ``Fault`` where it is damaged or uses instructions that no checkpoint needs.
  static func value(of bytes: [UInt8]) throws(Fault) -> PickleValue {
    var machine = PickleMachine(bytes)
    while true {
      let code = UInt8(try machine.number(1))
      if code == UInt8(ascii: ".") { return try machine.pop() }
      try machine.step(code)
    }
  }

  /// Does one instruction.
  private mutating func step(_ code: UInt8) throws(Fault) {
    switch code {
    case 0x80: _ = try number(1)
    case 0x95: _ = try number(8)
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "2"): stack.append(try top())
    default: try build(code)
    }
  }

  private mutating func build(_ code: UInt8) throws(Fault) {
    switch code {
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.truth(true))
    case 0x89: stack.append(.truth(false))
    case UInt8(ascii: "J"): stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): stack.append(.integer(try number(1)))
    case UInt8(ascii: "M"): stack.append(.integer(try number(2)))
    case 0x8A: stack.append(try long(try number(1)))
    case 0x8B: stack.append(try long(try number(4)))
    case UInt8(ascii: "G"):
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.float(Double(bitPattern: bits)))
    case UInt8(ascii: "X"): stack.append(try text(try number(4)))
    case 0x8C: stack.append(try text(try number(1)))
    case 0x8D: stack.append(try text(try number(8)))
    case UInt8(ascii: "U"): stack.append(try text(try number(1)))
    case UInt8(ascii: "T"): stack.append(try text(try number(4)))
    case UInt8(ascii: "C"): stack.append(.bytes(try take(try number(1))))
    case UInt8(ascii: "B"): stack.append(.bytes(try take(try number(4))))
    case 0x8E: stack.append(.bytes(try take(try number(8))))
    default: try buildContainer(code)
    }
  }

  private mutating func buildContainer(_ code: UInt8) throws(Fault) {
    switch code {
    case UInt8(ascii: "}"): stack.append(.node(PickleNode(.dictionary)))
    case UInt8(ascii: "]"), 0x8F: stack.append(.node(PickleNode(.list)))
    case UInt8(ascii: ")"): stack.append(.node(PickleNode(.tuple)))
    case UInt8(ascii: "t"): stack.append(.node(PickleNode(.tuple, try popToMark())))
    case 0x85, 0x86, 0x87:
      var elements: [PickleValue] = []
      for _ in 0..<Int(code - 0x84) { elements.append(try pop()) }
      stack.append(.node(PickleNode(.tuple, elements.reversed())))
    case UInt8(ascii: "a"):
      let value = try pop()
      try append([value])
    case UInt8(ascii: "e"), 0x90: try append(try popToMark())
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try set([key, value])
    case UInt8(ascii: "u"): try set(try popToMark())
    default: try refer(code)
    }
  }

  private mutating func refer(_ code: UInt8) throws(Fault) {
    switch code {
    case UInt8(ascii: "q"): memo[try number(1)] = try top()
    case UInt8(ascii: "r"): memo[try number(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(try number(1)))
    case UInt8(ascii: "j"): stack.append(try recall(try number(4)))
    case UInt8(ascii: "c"):
      let module = try line()
      stack.append(.global(module: module, name: try line()))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw Fault("the pickle names something that isn't a text")
      }
      stack.append(.global(module: module, name: name))
    case UInt8(ascii: "R"), 0x81:
      let arguments = try pop()
      let function = try pop()
      stack.append(object(function, arguments))
    case 0x92:
      _ = try pop()
      let arguments = try pop()
      stack.append(object(try pop(), arguments))
    case UInt8(ascii: "b"):
      let state = try pop()
      // A dictionary's or a tensor's state is bookkeeping of Python.
      if case .node(let node) = try top(), node.kind == .object { node.state = state }
    case UInt8(ascii: "Q"):
      let id = try pop()
      // What isn't a storage is as inert as any other object.
      stack.append(TorchNames.storage(id) ?? .node(PickleNode(.object, [id])))
    default:
      let shown = String(code, radix: 16)
      throw Fault("the pickle has the instruction 0x\(shown), which isn't read")
    }
  }

  /// What a call gives if its function is known to put data together, else an inert object.
  private func object(_ function: PickleValue, _ arguments: PickleValue) -> PickleValue {
    TorchNames.result(ofCalling: function, arguments.elements ?? [])
      ?? .node(PickleNode(.object, [function, arguments]))
  }

  private mutating func append(_ values: [PickleValue]) throws(Fault) {
    guard case .node(let node) = try top(), node.kind != .tuple else {
      throw Fault("the pickle appends to what isn't a list")
    }
    node.elements += values
  }

  private mutating func set(_ values: [PickleValue]) throws(Fault) {
    guard case .node(let node) = try top(), node.kind == .dictionary || node.kind == .object,
      values.count.isMultiple(of: 2)
    else { throw Fault("the pickle sets items of what isn't a dictionary") }
    for place in stride(from: 0, to: values.count, by: 2) {
      node.pairs.append((values[place], values[place + 1]))
    }
  }

  private mutating func pop() throws(Fault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.popLast() else {
      throw Fault("the pickle takes more than it has")
    }
    return value
  }

  private func top() throws(Fault) -> PickleValue {
    guard stack.count > marks.last ?? 0, let value = stack.last else {
      throw Fault("the pickle takes more than it has")
    }
    return value
  }

  private mutating func popToMark() throws(Fault) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw Fault("the pickle has no mark") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  private func recall(_ index: Int) throws(Fault) -> PickleValue {
    guard let value = memo[index] else { throw Fault("the pickle recalls what it never kept") }
    return value
  }

  private mutating func number(_ width: Int) throws(Fault) -> Int {
    guard let number = reader.unsigned(width) else { throw Fault("the pickle ends early") }
    return number
  }

  private mutating func take(_ count: Int) throws(Fault) -> [UInt8] {
    guard let bytes = reader.take(count) else { throw Fault("the pickle ends early") }
    return bytes
  }

  private mutating func text(_ count: Int) throws(Fault) -> PickleValue {
    .text(String(decoding: try take(count), as: UTF8.self))
  }

  private mutating func line() throws(Fault) -> String {
    var bytes: [UInt8] = []
    while true {
      let byte = try number(1)
      if byte == 0x0A { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(UInt8(byte))
    }
  }

  /// A little-endian number in two's complement; one beyond 64 bits is no count of anything.
  private mutating func long(_ count: Int) throws(Fault) -> PickleValue {
    let bytes = try take(count)
    guard count <= 8 else { return .bytes(bytes) }
    let isNegative = (bytes.last ?? 0) & 0x80 != 0
    let bits = bytes.reversed().reduce(isNegative ? ~UInt64(0) : 0) { $0 << 8 | UInt64($1) }
    return .integer(Int(Int64(bitPattern: bits)))
  }
}

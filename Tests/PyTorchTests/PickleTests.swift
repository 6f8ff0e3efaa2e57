import Checkpoints
import TestSupport
import Testing

@testable import PyTorch

/// Pickles are data: whatever they ask to import or to call, nothing happens.
struct PickleTests {
  private func value(_ text: String) throws -> PickleValue {
    try PickleMachine.value(of: Array(text.utf8))
  }

  @Test func aCallOfAnythingElseIsAnInertObject() throws {
    // What a hostile checkpoint holds: os.system("echo").
    let value = try value("cos\nsystem\n(X\u{4}\u{0}\u{0}\u{0}echotR.")
    guard case .node(let node) = value else {
      Issue.record("\(value)")
      return
    }
    #expect(node.kind == .object && node.elements.count == 2)
    guard case .global("os", "system") = node.elements[0] else {
      Issue.record("\(node.elements)")
      return
    }
    #expect(StateDictionary(value).entries.isEmpty)
  }

  @Test(arguments: [
    "", ".", "R.", "t.", "s.", "h\u{0}.", "cos\n", "}u.", "(.", "Ia\n.", "i", "o", "P1\n.",
    "X\u{FF}", "}K\u{1}s.", "(K\u{1}R.", "K\u{1}K\u{2}a.", "}q", "\u{1}",
  ])
  func whatIsNoPickleIsRefused(text: String) {
    #expect(throws: PickleMachine.Fault.self) { try self.value(text) }
  }

  @Test func numbersAreThoseOfPython() throws {
    let cases: [([UInt8], Int)] = [
      ([0x4A, 0xFE, 0xFF, 0xFF, 0xFF], -2), ([0x4B, 200], 200), ([0x4D, 1, 2], 513),
      ([0x8A, 0], 0), ([0x8A, 1, 0xFF], -1), ([0x8A, 5, 0, 0, 0, 0, 1], 1 << 32),
    ]
    for (bytes, wanted) in cases {
      #expect(try PickleMachine.value(of: bytes + Array(".".utf8)).integer == wanted)
    }
  }

  /// Lists of lists of lists: paths are many, objects few.
  @Test func sharingIsWalkedOnce() throws {
    // Each list holds the last one twice.
    var text = "]q\u{0}"
    for _ in 0..<60 { text += "](h\u{0}h\u{0}eq\u{0}" }
    #expect(StateDictionary(try value(text + ".")).entries.isEmpty)
  }

  @Test func aListThatHoldsItselfEnds() throws {
    #expect(StateDictionary(try value("]q\u{0}h\u{0}a.")).entries.isEmpty)
  }

  @Test func everyCutOfARealPickleIsRefused() throws {
    let file = try InputFile.open(Vectors.path("PyTorch/Vectors/state.pt"))
    let whole = try FlatFile.bytes(of: file)
    let start = try #require(whole.indices.first { whole[$0...].starts(with: [0x80, 2, 0x63]) })
    let end = try #require(
      whole[start...].indices.first { whole[$0...].starts(with: [0x2E, 0x50, 0x4B]) })
    let pickle = Array(whole[start...end])
    _ = try PickleMachine.value(of: pickle)
    for count in 0..<pickle.count {
      #expect(throws: PickleMachine.Fault.self) {
        try PickleMachine.value(of: Array(pickle[..<count]))
      }
    }
  }
}

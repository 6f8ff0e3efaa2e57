import Checkpoints
import TestSupport
import Testing

/// Patterns against their definition by recursion.
@Suite struct GlobTests {
  /// What the pattern means, for literals, `?` and `*`.
  private func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = pattern.dropFirst()
    if first == UInt8(ascii: "*") {
      return (0...name.count).contains { matches(rest, name.dropFirst($0)) }
    }
    guard let byte = name.first else { return false }
    return (first == UInt8(ascii: "?") || first == byte) && matches(rest, name.dropFirst())
  }

  @Test func runsAndSingleBytes() throws {
    var generator = SeededGenerator(seed: 5)
    let text = { (alphabet: String, longest: Int) in
      String(
        (0..<Int.random(in: 1...longest, using: &generator)).compactMap { _ in
          alphabet.randomElement(using: &generator)
        })
    }
    var matched = 0
    for _ in 0..<20_000 {
      let pattern = text("ab?**", 7)
      let name = text("ab", 9)
      let expected = matches(Array(pattern.utf8)[...], Array(name.utf8)[...])
      #expect(try Glob(pattern).matches(TensorName(name)) == expected, "\(pattern) \(name)")
      matched += expected ? 1 : 0
    }
    #expect(matched > 1000)
  }

  @Test(arguments: [
    ("*/head/*", "model/head/kernel", true), ("*/head/*", "head/kernel", false),
    ("layer[0-9]", "layer7", true), ("layer[!0-9]", "layer7", false), ("[]a]", "]", true),
    ("[a-]", "-", true), ("a\\*", "a*", true), ("a\\*", "ab", false), ("größe*", "größe/0", true),
  ])
  func setsAndEscapes(_ pattern: String, _ name: String, _ expected: Bool) throws {
    #expect(try Glob(pattern).matches(TensorName(name)) == expected)
  }

  @Test(arguments: ["", "a[", "a[]", "[!"])
  func brokenPatternsAreUsageErrors(_ pattern: String) {
    let error = #expect(throws: CheckpointError.self) { try Glob(pattern) }
    #expect(error?.kind == .usage)
  }

  /// Patterns come from users and names from files: time must stay a product, not a power.
  @Test func manyRunsEndSoon() throws {
    let pattern = String(repeating: "a*", count: 50) + "b"
    let name = TensorName(String(repeating: "a", count: 5000))
    #expect(try !Glob(pattern).matches(name))
  }
}

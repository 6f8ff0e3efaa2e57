import Checkpoints
import TestSupport
import Testing

/// Names compare as bytes, and sort as a person expects.
@Suite struct TensorNameTests {
  @Test func numbersSortByValue() {
    let sorted = [
      "dense/vars/0", "dense/vars/1", "dense/vars/2", "dense/vars/10", "dense/vars/11",
      "dense_1/vars/0",
      "dense_2/vars/0", "dense_10/vars/0",
    ].map { TensorName($0) }
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<50 { #expect(sorted.shuffled(using: &generator).sorted() == sorted) }
  }

  @Test func numbersOfAnyLength() {
    let long = String(repeating: "9", count: 400)
    #expect(TensorName("w\(long)") < TensorName("w1\(long)"))
    #expect(TensorName("w2") < TensorName("w18446744073709551617"))
    #expect(TensorName("w007") < TensorName("w8"))
  }

  /// Sorting is only defined for a total order: any two differ one way, and it is transitive.
  @Test func orderIsTotal() {
    let alphabet = Array("019/a".utf8) + [0, 0xFF]
    var generator = SeededGenerator(seed: 2)
    let names = (0..<120).map { _ in
      TensorName(
        bytes: (0..<Int.random(in: 0...5, using: &generator)).map { _ in
          alphabet.randomElement(using: &generator) ?? 0
        })
    }
    for a in names {
      for b in names {
        let relations = [a < b, b < a, a == b].count { $0 }
        #expect(relations == 1)
        guard a < b else { continue }
        for c in names where b < c { #expect(a < c) }
      }
    }
  }

  @Test func compositionMatters() {
    let composed = TensorName("\u{E9}")
    let decomposed = TensorName("e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func whatIsShownCannotDriveATerminal() {
    #expect(TensorName("a\u{1B}[2Jb\u{9B}\n").description == "a\\u{1b}[2Jb\\u{9b}\\u{a}")
    #expect(TensorName("größe/0").description == "größe/0")
    let invalid = TensorName(bytes: [0x61, 0xFF, 0x62])
    #expect(invalid.description == "a\u{FFFD}b")
    #expect(invalid.bytes == [0x61, 0xFF, 0x62])
  }

  @Test func componentsLieBetweenSlashes() {
    #expect(TensorName("a/b/c").components == ["a", "b", "c"].map { TensorName($0) })
    #expect(TensorName("/a//b/").components == ["a", "b"].map { TensorName($0) })
    #expect(TensorName("").components.isEmpty)
  }
}

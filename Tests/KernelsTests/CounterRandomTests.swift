import Kernels
import Testing

/// Random numbers against the published vectors of Philox and a Python script of the definition.
@Suite struct CounterRandomTests {
  private func numbers(_ random: CounterRandom, from first: Int, count: Int) -> [Double] {
    var values = [Double](repeating: .nan, count: count)
    var span = values.mutableSpan
    random.fill(&span, from: first)
    return values
  }

  /// The known answers that Random123 is distributed with.
  @Test func publishedAnswers() {
    let zero = CounterRandom.philox(counter: .zero, key: .zero)
    #expect(zero == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    let ones = CounterRandom.philox(counter: .init(repeating: .max), key: .init(repeating: .max))
    #expect(ones == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    let pi = CounterRandom.philox(
      counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344],
      key: [0xA409_3822, 0x299F_31D0])
    #expect(pi == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  /// What thirty lines of Python give for the definition, with integers of any length.
  @Test(
    arguments: [
      (0, "", 0, 0, 0x1.eb65e03992a99p-1), (0, "", 0, 1, 0x1.5e3283f4ecc78p-3),
      (42, "dense/kernel", 1, 6, 0x1.15c6cea4dceb3p-1),
      (42, "dense/kernel", 1, 7, 0x1.b7bf154d7fbc8p-3),
      (.max, "größe", 3, 1 << 40 + 5, 0x1.df5c3717876f0p-2),
      (7, "a", 0, 1 << 33 - 1, 0x1.10dd58cb656fep-2), (7, "a", 0, 1 << 33, 0x1.06dbb95363f6dp-1),
    ] as [(UInt64, String, Int, Int, Double)])
  func definition(_ seed: UInt64, _ name: String, _ model: Int, _ index: Int, _ expected: Double) {
    let random = CounterRandom(seed: seed, name: name.utf8, model: model)
    #expect(random.number(at: index) == expected)
    #expect(numbers(random, from: index - index % 5, count: 40)[index % 5] == expected)
  }

  @Test func numbersDependOnTheIndexAlone() {
    let random = CounterRandom(seed: 1, name: "kernel".utf8, model: 2)
    // Where the words of the counter carry, too.
    for start in [0, 1 << 33 - 50] {
      let all = numbers(random, from: start, count: 200)
      #expect(all == (0..<200).map { random.number(at: start + $0) })
      #expect(all == KernelPath.portably { numbers(random, from: start, count: 200) })
      for first in 0..<40 {
        for count in [0, 1, 2, 15, 16, 17, 31, 33, 100] {
          let part = numbers(random, from: start + first, count: count)
          #expect(part == Array(all[first..<first + count]))
        }
      }
    }
  }

  @Test func streamsDiffer() {
    let base = numbers(CounterRandom(seed: 1, name: "ab".utf8, model: 2), from: 0, count: 64)
    for (seed, name, model) in [(2, "ab", 2), (1, "ba", 2), (1, "ab", 3), (1 + 1 << 32, "ab", 2)] {
      let random = CounterRandom(seed: UInt64(seed), name: name.utf8, model: model)
      let other = numbers(random, from: 0, count: 64)
      #expect(Set(base).isDisjoint(with: other))
    }
  }

  /// Moments and a histogram within six standard deviations.
  @Test func numbersAreUniform() {
    let n = 1 << 18
    let values = numbers(CounterRandom(seed: 3, name: "w".utf8, model: 0), from: 0, count: n)
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 && ($0 * 0x1p53).rounded() == $0 * 0x1p53 })
    let mean = values.reduce(0, +) / Double(n)
    #expect((mean - 0.5).magnitude < 6 * (1 / 12.0 / Double(n)).squareRoot())
    var bins = [Int](repeating: 0, count: 64)
    for value in values { bins[Int(value * 64)] += 1 }
    let expected = Double(n) / 64
    #expect(bins.allSatisfy { (Double($0) - expected).magnitude < 6 * expected.squareRoot() })
    let product = zip(values, values.dropFirst()).reduce(0) { $0 + ($1.0 - 0.5) * ($1.1 - 0.5) }
    #expect((product / Double(n)).magnitude < 6 / 12 / Double(n).squareRoot())
  }
}

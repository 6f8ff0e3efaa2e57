import Checkpoints

extension LayerOrder {
  /// A number in a name, and what stands before it.
  private struct Candidate {
    let prefix: [UInt8]
    let number: Int
    let digits: Range<Int>
  }

  /// Finds the numbers that count layers.
  static func counted(_ names: [TensorName]) -> ([Stack], [TensorName: Place]) {
    let candidates = names.map(candidates)
    var numbers: [[UInt8]: Set<Int>] = [:]
    for candidate in candidates.joined() {
      numbers[candidate.prefix, default: []].insert(candidate.number)
    }
    // n different numbers from 0 on are 0 to n - 1 exactly when the largest is n - 1.
    let counts = numbers.compactMapValues { numbers in
      numbers.max() == numbers.count - 1 ? numbers.count : nil
    }
    // A lone 0 (head.0.weight) counts nothing, unless the whole model has but one layer.
    let fewest = min(2, counts.values.max() ?? 2)
    var indices: [[UInt8]: Int] = [:]
    var stacks: [Stack] = []
    var places: [TensorName: Place] = [:]
    for (name, candidates) in zip(names, candidates) {
      for candidate in candidates {
        guard let count = counts[candidate.prefix], count >= fewest else { continue }
        let stack = indices[candidate.prefix] ?? stacks.count
        if stack == stacks.count {
          indices[candidate.prefix] = stack
          let text = String(decoding: candidate.prefix.dropLast(), as: UTF8.self)
          stacks.append(Stack(prefix: text, count: count))
        }
        places[name] = Place(stack: stack, layer: candidate.number, digits: candidate.digits)
        break
      }
    }
    return (stacks, places)
  }

  /// The components of a name that are numbers, first to last.
  private static func candidates(_ name: TensorName) -> [Candidate] {
    let bytes = name.bytes
    var candidates: [Candidate] = []
    var start = 0
    while start <= bytes.count {
      let end = bytes[start...].firstIndex(where: isSeparator) ?? bytes.count
      if let number = number(bytes[start..<end]) {
        candidates.append(
          Candidate(prefix: Array(bytes[..<start]), number: number, digits: start..<end))
      }
      start = end + 1
    }
    return candidates
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  /// A number as indices are written: digits only, no zero in front, few of them.
  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    guard (1...9).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      digits.count == 1 || digits.first != UInt8(ascii: "0")
    else { return nil }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

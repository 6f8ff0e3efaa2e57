/// Finds what somebody meant.
enum Suggestion {
  /// "did you mean 'density'?", or what there is, for a word that isn't among the known ones.
  static func remedy(for word: String, among known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) { return "did you mean '\(nearest)'?" }
    return known.isEmpty ? "leave it out" : "there are: \(known.joined(separator: ", "))"
  }

  /// The known word with the fewest edits; nil where none is near.
  ///
  /// Near is at most a third of the letters, and at least one. Hyphens are underscores, and capital
  /// letters small ones.
  static func nearest(to word: String, among known: [String]) -> String? {
    let wanted = folded(word)
    var best: (word: String, distance: Int)?
    for candidate in known {
      let letters = folded(candidate)
      let limit = max(1, min(wanted.count, letters.count) / 3 + 1)
      let distance = editDistance(wanted, letters)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  private static func folded(_ word: String) -> [UInt8] {
    // What is longer than this names nothing, and the table below grows with the square.
    word.utf8.prefix(64).map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "_")
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte + 32
      default: byte
      }
    }
  }

  /// The number of letters to insert, delete, replace or swap with their neighbour (Damerau's distance,
  /// each place edited once).
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for (i, letter) in left.enumerated() {
      var row = [i + 1]
      for (j, other) in right.enumerated() {
        var cost = min(last[j] + (letter == other ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, letter == right[j - 1], left[i - 1] == other {
          cost = min(cost, before[j - 1] + 1)
        }
        row.append(cost)
      }
      before = last
      last = row
    }
    return last[right.count]
  }
}

import Checkpoints

/// Which merges use which; none may use itself, and chains are short.
struct RecipeGraph {
  let merges: [RecipeMerge]

  /// The longest chain of merges within merges.
  static let longest = 64

  private enum Mark { case open, closed }

  /// Follows all models.
  ///
  /// - Throws: ``CheckpointError`` where merges go round in a circle or are nested too deeply.
  func check() throws(CheckpointError) {
    var marks: [Int: Mark] = [:]
    for index in merges.indices { try visit(index, &marks, level: 0) }
  }

  private func visit(
    _ index: Int, _ marks: inout [Int: Mark], level: Int
  ) throws(CheckpointError) {
    let merge = merges[index]
    switch marks[index] {
    case .closed: return
    case .open:
      throw merge.place.fault(
        "is made of itself\(merge.name.map { ": the models lead back to '\($0)'" } ?? "")",
        remedy: "a merge takes files and merges that don't depend on it")
    case nil: break
    }
    guard level < Self.longest else {
      throw merge.place.fault("is nested in more than \(Self.longest) merges")
    }
    marks[index] = .open
    for case .merge(let inner) in merge.models { try visit(inner, &marks, level: level + 1) }
    marks[index] = .closed
  }
}

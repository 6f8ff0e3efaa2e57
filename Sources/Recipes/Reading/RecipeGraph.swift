import Checkpoints

/// Which merges use which; none may use itself, and chains are short.
struct RecipeGraph {
  let merges: [RecipeMerge]

  /// The longest chain of merges within merges.
  static let longest = 64

  private enum Mark {
    case open
    /// The number of merges on the longest way down.
    case closed(height: Int)
  }

  /// Follows all models.
  ///
  /// - Throws: ``CheckpointError`` where merges go round in a circle or are nested too deeply.
  func check() throws(CheckpointError) {
    var marks: [Int: Mark] = [:]
    for index in merges.indices { _ = try height(of: index, &marks, level: 0) }
  }

  /// The number of merges on the longest way down from one, itself among them.
  private func height(
    of index: Int, _ marks: inout [Int: Mark], level: Int
  ) throws(CheckpointError) -> Int {
    let merge = merges[index]
    switch marks[index] {
    case .closed(let height): return height
    case .open:
      throw merge.place.fault(
        "is made of itself\(merge.name.map { ": the models lead back to '\($0)'" } ?? "")",
        remedy: "a merge takes files and merges that don't depend on it")
    case nil: break
    }
    marks[index] = .open
    var tallest = 0
    // What is below may be closed already, so that only the height tells how long the way is.
    if level < Self.longest {
      for case .merge(let inner) in merge.models {
        tallest = max(tallest, try height(of: inner, &marks, level: level + 1))
      }
    } else {
      tallest = Self.longest
    }
    guard tallest < Self.longest else {
      throw merge.place.fault("is nested in a chain of more than \(Self.longest) merges")
    }
    marks[index] = .closed(height: tallest + 1)
    return tallest + 1
  }
}

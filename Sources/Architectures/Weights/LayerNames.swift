/// The names of the layers whose weights one group of a legacy file holds: a nested model's has those of
/// all its layers.
struct LayerNames {
  private let paths: [[Substring]]

  /// Takes the layers' paths of names, as a graph has them.
  init(_ names: [String]) {
    paths = names.map { $0.split(separator: "/") }
  }

  /// The weights of each layer in the order of the list; nil where a path doesn't tell whose it is.
  func split(_ weights: [StoredWeight]) -> [[StoredWeight]]? {
    var found = [[StoredWeight]](repeating: [], count: paths.count)
    for weight in weights {
      let path = weight.components.dropLast()
      // A nested model's path of names may be there in full or in part: the longest end counts.
      let scores = paths.map { Self.score(of: $0, in: path) }
      guard let best = scores.max(), best.length > 0,
        scores.count(where: { $0 == best }) == 1, let place = scores.firstIndex(of: best)
      else { return nil }
      found[place].append(weight)
    }
    return found
  }

  /// How well a path of components leads to a layer.
  private struct Score: Comparable {
    /// Where the layer's name ends.
    let end: Int
    /// How many of the components of the layer's path stand in front of that.
    let length: Int

    static func < (a: Score, b: Score) -> Bool { (a.end, a.length) < (b.end, b.length) }
  }

  private static func score(of name: [Substring], in path: ArraySlice<Substring>) -> Score {
    var best = Score(end: 0, length: 0)
    for end in path.indices where path[end] == name.last {
      var length = 0
      while length < name.count, end - length >= path.startIndex,
        path[end - length] == name[name.count - 1 - length]
      {
        length += 1
      }
      best = max(best, Score(end: end + 1, length: length))
    }
    return best
  }
}

extension ModelGraph {
  /// The layers in a member of the outermost model; none where there is no such member.
  func layers(inMember name: String) -> [Int] {
    func all(_ member: Member) -> [Int] {
      switch member {
      case .layer(let layer): [layer]
      case .model(let model): model.members.flatMap(all)
      }
    }
    for member in root.members {
      switch member {
      case .layer(let layer) where layers[layer].configuration.name == name: return all(member)
      case .model(let model) where model.name == name: return all(member)
      default: continue
      }
    }
    return []
  }
}

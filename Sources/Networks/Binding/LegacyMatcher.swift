/// Pairs the weights of one layer, or of all layers in a nested model, with those of its group.
struct LegacyMatcher {
  let entries: [NetworkWeights.Entry]
  let stored: [StoredWeight]

  init(entries: [NetworkWeights.Entry], stored: [StoredWeight]) {
    self.entries = entries
    let needed = stored.filter { !$0.isState }
    self.stored = stored.count != entries.count && needed.count == entries.count ? needed : stored
  }

  /// For each entry a place in the checkpoint; nil where their numbers differ.
  ///
  /// Full names are the best witness. They fail where Keras counted names up (`lstm_cell_3`) or the
  /// layers are named otherwise; then the order counts, each weight among those of its own name, because
  /// freezing a layer moves its weights in the list.
  var places: [Int]? {
    guard stored.count == entries.count else { return nil }
    return byName ?? byLeaf ?? byOrder
  }

  /// Components behind one another that a name is compared by.
  private static let longestSuffix = 8

  private var byName: [Int]? {
    var bySuffix: [String: [Int]] = [:]
    for (index, weight) in stored.enumerated() {
      let parts = weight.components
      for length in 1...max(1, min(parts.count, LegacyMatcher.longestSuffix)) {
        bySuffix[parts.suffix(length).joined(separator: "/"), default: []].append(index)
      }
    }
    var used = Set<Int>()
    var places: [Int] = []
    for entry in entries {
      guard let found = bySuffix["\(entry.layerName)/\(entry.slot.name)"], found.count == 1,
        stored[found[0]].shape == entry.slot.shape, used.insert(found[0]).inserted
      else { return nil }
      places.append(stored[found[0]].place)
    }
    return places
  }

  /// The entries in the order of the file: trainable ones first.
  private var order: [Int] {
    entries.indices.filter { entries[$0].isTrainable }
      + entries.indices.filter { !entries[$0].isTrainable }
  }

  private var byLeaf: [Int]? {
    var byLeaf: [String: [Int]] = [:]
    for weight in stored.reversed() { byLeaf[weight.leaf, default: []].append(weight.place) }
    var places = [Int](repeating: 0, count: entries.count)
    for index in order {
      let leaf = entries[index].slot.name.split(separator: "/").last.map(String.init) ?? ""
      guard let place = byLeaf[leaf]?.popLast() else { return nil }
      places[index] = place
    }
    return places
  }

  private var byOrder: [Int] {
    var places = [Int](repeating: 0, count: entries.count)
    for (index, weight) in zip(order, stored) { places[index] = weight.place }
    return places
  }
}

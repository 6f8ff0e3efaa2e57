package import Checkpoints

extension HDF5Tree {
  /// One tree of the trees of several files that stand behind one another as one.
  ///
  /// A group that several files have is one group with the attributes of all; of two of the same name
  /// the first counts. Links and types, of which nobody asks, are left out.
  ///
  /// - Parameters:
  ///   - parts: The trees, each with the position of its file in the whole; at least one.
  ///   - file: The name that errors use.
  /// - Returns: The tree.
  /// - Throws: ``CheckpointError`` where two files hold a data set of the same path.
  package static func joined(
    _ parts: [(tree: HDF5Tree, start: Int)], file: String
  ) throws(CheckpointError) -> HDF5Tree {
    var groups: [HDF5Group] = []
    var places: [TensorName: Int] = [:]
    var datasets: [HDF5Dataset] = []
    var seen = Set<TensorName>()
    for part in parts {
      for group in part.tree.groups {
        if let place = places[group.path] {
          groups[place] = groups[place].joined(with: group)
        } else {
          places[group.path] = groups.count
          groups.append(group)
        }
      }
      for dataset in part.tree.datasets {
        for path in [dataset.path] + dataset.aliases where !seen.insert(path).inserted {
          throw .unusable(
            file, tensor: path, "is in two of the parts",
            remedy: "the parts don't belong together; fetch them again")
        }
        guard let moved = dataset.moved(by: part.start) else {
          throw .unusable(file, "is larger than can be addressed")
        }
        datasets.append(moved)
      }
    }
    return HDF5Tree(
      userBlockSize: 0, superblockVersion: parts.first?.tree.superblockVersion ?? 0,
      groups: groups, datasets: datasets, softLinks: [], namedTypes: [])
  }
}

extension HDF5Group {
  fileprivate func joined(with other: HDF5Group) -> HDF5Group {
    let names = Set(attributes.map(\.name))
    return HDF5Group(
      path: path, aliases: aliases + other.aliases.filter { !aliases.contains($0) },
      tracksCreationOrder: tracksCreationOrder,
      attributes: attributes + other.attributes.filter { !names.contains($0.name) })
  }
}

extension HDF5Dataset {
  fileprivate func moved(by distance: Int) -> HDF5Dataset? {
    storage.moved(by: distance).map { storage in
      HDF5Dataset(
        path: path, aliases: aliases, address: address &+ UInt64(distance), type: type,
        shape: shape, attributes: attributes, layout: layout, storage: storage)
    }
  }
}

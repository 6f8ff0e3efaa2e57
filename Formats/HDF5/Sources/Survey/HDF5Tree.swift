package import Checkpoints

/// What a survey finds in an HDF5 file: its groups, data sets, links and where the values lie.
///
/// Objects stand in the order of the file: depth first, the links of a group by creation where the
/// group tracks it, else by name. Each object appears once, under the first path that leads to it;
/// further hard links are its aliases.
package struct HDF5Tree: Sendable {
  /// The number of bytes before the HDF5 content (MATLAB puts 512 there).
  package let userBlockSize: Int
  /// The version of the superblock: 0...3.
  package let superblockVersion: Int
  /// The groups; the first is the root, whose path is empty.
  package let groups: [HDF5Group]
  /// The data sets.
  package let datasets: [HDF5Dataset]
  /// The soft links, never followed.
  package let softLinks: [HDF5SoftLink]
  /// The committed (named) types.
  package let namedTypes: [HDF5NamedType]
}

/// A group; a class as data sets are.
package final class HDF5Group: Sendable {
  /// The path without a leading slash; empty for the root.
  package let path: TensorName
  /// Further hard links to the group; what lies below them isn't listed again.
  package let aliases: [TensorName]
  /// Whether the group remembers the order in which its links were made.
  package let tracksCreationOrder: Bool
  /// The attributes in the file's order.
  package let attributes: [HDF5Attribute]

  init(
    path: TensorName, aliases: [TensorName], tracksCreationOrder: Bool,
    attributes: [HDF5Attribute]
  ) {
    self.path = path
    self.aliases = aliases
    self.tracksCreationOrder = tracksCreationOrder
    self.attributes = attributes
  }
}

/// A data set.
///
/// A class, as there may be very many: passing one on counts one reference.
package final class HDF5Dataset: Sendable {
  /// The path without a leading slash.
  package let path: TensorName
  /// Further paths, directly or through groups with several links: tied weights.
  package let aliases: [TensorName]
  /// The address of the object's header: its identity within the file.
  package let address: UInt64
  /// The type of the elements.
  package let type: HDF5Type
  /// The length of each axis, slowest first; empty for a scalar, nil for a data set without a space.
  package let shape: [Int]?
  /// The attributes in the file's order.
  package let attributes: [HDF5Attribute]
  /// How the file stores the elements.
  package let layout: HDF5DatasetLayout
  /// Where the values lie; every range is inside the file.
  package let storage: Storage

  init(
    path: TensorName, aliases: [TensorName], address: UInt64, type: HDF5Type, shape: [Int]?,
    attributes: [HDF5Attribute], layout: HDF5DatasetLayout, storage: Storage
  ) {
    self.path = path
    self.aliases = aliases
    self.address = address
    self.type = type
    self.shape = shape
    self.attributes = attributes
    self.layout = layout
    self.storage = storage
  }
}

/// How a file stores a data set's elements.
package enum HDF5DatasetLayout: Hashable, Sendable {
  /// One range.
  case contiguous
  /// Within the object's header.
  case compact
  /// Boxes of a shape, each passed through filters (identifier and parameters, in order of writing).
  case chunked(shape: [Int], filters: [HDF5Filter])
}

/// A filter of a pipeline.
package struct HDF5Filter: Hashable, Sendable {
  /// The registered number of the filter.
  package let id: Int
  /// The filter's parameters ("client data").
  package let parameters: [UInt32]
}

/// A soft link.
package struct HDF5SoftLink: Sendable {
  /// The path of the link without a leading slash.
  package let path: TensorName
  /// The path that it names; it may lead nowhere.
  package let target: TensorName
}

/// A committed type.
package struct HDF5NamedType: Sendable {
  /// The path without a leading slash.
  package let path: TensorName
  /// Further hard links.
  package let aliases: [TensorName]
}

import Checkpoints

/// The further paths of a data set: its own hard links, and those through groups with several links.
struct AliasPaths {
  /// Thirty groups linked twice each make 2^29 paths; this many are listed.
  private static let limit = 64

  private let groups: [TensorName: [[UInt8]]]

  /// Learns which groups have further links.
  ///
  /// A link from inside a group to the group itself is a cycle and makes no path worth a name.
  init(_ all: [(path: TensorName, aliases: [TensorName])]) {
    var groups: [TensorName: [[UInt8]]] = [:]
    for group in all {
      let inside = group.path.bytes.isEmpty ? [] : group.path.bytes + [UInt8(ascii: "/")]
      let others = group.aliases.map(\.bytes).filter { !$0.starts(with: inside) }
      if !others.isEmpty { groups[group.path] = others }
    }
    self.groups = groups
  }

  /// The paths that lead to a data set besides its first one.
  ///
  /// - Parameters:
  ///   - path: The first path.
  ///   - links: Further hard links to the data set itself.
  /// - Returns: Those links, then the paths through groups.
  func others(of path: TensorName, _ links: [TensorName]) -> [TensorName] {
    guard !groups.isEmpty else { return links }
    var found = [path] + links
    var known = Set(found)
    var next = 0
    while next < found.count, found.count < Self.limit {
      let bytes = found[next].bytes
      next += 1
      for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "/") {
        for other in groups[TensorName(bytes: Array(bytes[..<index]))] ?? [] {
          let path = TensorName(bytes: other + bytes[index...])
          if known.insert(path).inserted { found.append(path) }
        }
      }
    }
    return Array(found.dropFirst())
  }
}

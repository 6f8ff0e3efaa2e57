internal import CMetrics

/// The inner products of streams that comparisons need, cut into what the kernels do in one sweep.
///
/// Three streams give all their six products for three loads; a stream added to two others gives
/// three. Parents and merged models at several alphas need no product of one merged model with
/// another, so they are one triangle (A, B, first alpha) and a star for each further alpha.
struct GramTiles: Sendable {
  private(set) var tiles: [ctl_tile] = []

  /// - Parameters:
  ///   - streams: The number of streams.
  ///   - pairs: The products that are needed.
  init(streams: Int, pairs: some Sequence<(Int, Int)>) {
    var missing = Set<Pair>()
    for (i, j) in pairs { missing.insert(Pair(i, j)) }

    // Triangles, while one has at least five products that are missing.
    for x in 0..<streams {
      for y in x + 1..<max(x + 1, streams) {
        for z in y + 1..<max(y + 1, streams) {
          let products = [
            Pair(x, x), Pair(x, y), Pair(x, z), Pair(y, y), Pair(y, z), Pair(z, z),
          ]
          guard products.count(where: missing.contains) >= 5 else { continue }
          missing.subtract(products)
          tiles.append(ctl_tile(x: x, y: y, z: z, is_triangle: true))
        }
      }
    }

    // Stars: first around the streams that miss their own square, as merged models do.
    let centers = (0..<streams).sorted {
      let (a, b) = (missing.contains(Pair($0, $0)), missing.contains(Pair($1, $1)))
      return a == b ? $0 < $1 : a
    }
    for x in centers {
      let partners = (0..<streams).filter { $0 != x && missing.contains(Pair(x, $0)) }
      if partners.isEmpty, missing.contains(Pair(x, x)) {
        tiles.append(ctl_tile(x: x, y: x, z: x, is_triangle: false))
      }
      for start in stride(from: 0, to: partners.count, by: 2) {
        let (y, z) = (partners[start], partners[min(start + 1, partners.count - 1)])
        tiles.append(ctl_tile(x: x, y: y, z: z, is_triangle: false))
        missing.subtract([Pair(x, y), Pair(x, z)])
      }
      missing.remove(Pair(x, x))
    }
  }

  /// Two streams whose order doesn't matter.
  private struct Pair: Hashable {
    let lesser: Int, greater: Int

    init(_ i: Int, _ j: Int) {
      lesser = min(i, j)
      greater = max(i, j)
    }
  }
}

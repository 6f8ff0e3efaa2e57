/// The places of a data set's chunks in its grid.
///
/// Indexes of version 4 number the chunks over the grid that the data set may grow to; a survey
/// numbers them over the grid that it has.
struct ChunkGridMap {
  private let shape: [UInt64]
  private let chunkShape: [UInt64]
  /// The chunks along each axis now.
  private let cells: [UInt64]
  /// The chunks along each axis at most; nil: without limit.
  private let mostCells: [UInt64?]
  /// The axes in the order in which the index counts them, slowest first.
  private let order: [Int]

  init(shape: [UInt64], limits: [UInt64?], chunkShape: [UInt64]) throws(NotUnderstood) {
    guard shape.count == chunkShape.count, shape.count == limits.count else {
      throw NotUnderstood("chunks of another rank")
    }
    func count(_ length: UInt64, _ chunk: UInt64) -> UInt64 {
      length / chunk + (length % chunk == 0 ? 0 : 1)
    }
    self.shape = shape
    self.chunkShape = chunkShape
    cells = zip(shape, chunkShape).map(count)
    let most = zip(limits, chunkShape).map { limit, chunk in limit.map { count($0, chunk) } }
    mostCells = most
    // The axis without limit comes first, so that growth appends.
    order = most.indices.filter { most[$0] == nil } + most.indices.filter { most[$0] != nil }
  }

  /// The number of chunks of the grid as it is.
  func count() throws(NotUnderstood) -> UInt64 {
    var count: UInt64 = 1
    for cells in cells {
      let (product, overflow) = count.multipliedReportingOverflow(by: cells)
      guard !overflow else { throw NotUnderstood("too many chunks") }
      count = product
    }
    return count
  }

  /// The index over the grid of the chunk with a number in an array, or nil outside the grid.
  func index(ofNumber number: UInt64) throws(NotUnderstood) -> UInt64? {
    guard order.dropFirst().allSatisfy({ mostCells[$0] != nil }) else {
      throw NotUnderstood("several axes without limit in an array")
    }
    var place = [UInt64](repeating: 0, count: order.count)
    var rest = number
    for axis in order.dropFirst().reversed() {
      guard let most = mostCells[axis], most > 0 else { return nil }
      place[axis] = rest % most
      rest /= most
    }
    place[order[0]] = rest
    return try index(of: place)
  }

  /// The index over the grid of the chunk at a place, or nil outside the grid.
  func index(of place: [UInt64]) throws(NotUnderstood) -> UInt64? {
    var index: UInt64 = 0
    for axis in place.indices {
      guard place[axis] < cells[axis] else { return nil }
      let (product, overflow) = index.multipliedReportingOverflow(by: cells[axis])
      let (sum, carry) = product.addingReportingOverflow(place[axis])
      guard !overflow, !carry else { throw NotUnderstood("too many chunks") }
      index = sum
    }
    return index
  }

  /// The index over the grid of the chunk whose first element has a position.
  func index(ofElementAt offsets: [UInt64]) throws(NotUnderstood) -> UInt64? {
    var place: [UInt64] = []
    for (offset, length) in zip(offsets, chunkShape) {
      guard offset % length == 0 else { throw NotUnderstood("a chunk beside the grid") }
      place.append(offset / length)
    }
    return try index(of: place)
  }
}

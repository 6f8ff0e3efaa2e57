/// The shape of a data set or an attribute.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.b.
struct DataspaceMessage {
  /// The length of each axis, slowest first; empty for a scalar, nil for a null space.
  let shape: [UInt64]?
  /// How long each axis may become; nil: without limit.
  let limits: [UInt64?]

  /// The most axes (H5S_MAX_RANK).
  private static let rankLimit = 32

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    let version = try body.byte()
    let rank = Int(try body.byte())
    let flags = try body.byte()
    // Permuted axes (bit 1) were never written.
    guard rank <= Self.rankLimit, flags & ~1 == 0 else { throw NotUnderstood("a data space") }
    switch version {
    case 1: try body.skip(5)
    case 2:
      switch try body.byte() {
      case 0 where rank == 0: break
      case 1 where rank > 0: break
      case 2 where rank == 0:
        shape = nil
        limits = []
        return
      default: throw NotUnderstood("a data space of an unknown class")
      }
    default: throw NotUnderstood("a data space of version \(version)")
    }
    var lengths: [UInt64] = []
    lengths.reserveCapacity(rank)
    for _ in 0..<rank { lengths.append(try body.u64()) }
    shape = lengths
    guard flags & 1 != 0 else {
      limits = lengths
      return
    }
    var limits: [UInt64?] = []
    for length in lengths {
      let limit = try body.address()
      if let limit, limit < length { throw NotUnderstood("an axis beyond its limit") }
      limits.append(limit)
    }
    self.limits = limits
  }

  /// The number of elements; 0 for a null space.
  func elementCount() throws(NotUnderstood) -> Int {
    guard let shape else { return 0 }
    var count: UInt64 = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow else { throw NotUnderstood("a shape of too many elements") }
      count = product
    }
    guard let count = Int(exactly: count) else { throw NotUnderstood("too many elements") }
    return count
  }
}

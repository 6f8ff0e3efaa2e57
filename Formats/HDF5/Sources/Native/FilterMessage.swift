/// The filters of a chunked data set.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.l.
struct FilterMessage {
  let filters: [HDF5Filter]

  /// H5Z_MAX_NFILTERS.
  private static let filterLimit = 32
  /// The most parameters of a filter that the worker reports.
  private static let parameterLimit = 64
  /// Filters below are The HDF Group's own, whose names version 2 leaves out.
  private static let firstNamed = 256

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    let version = try body.byte()
    let count = Int(try body.byte())
    guard version == 1 || version == 2, count > 0, count <= Self.filterLimit else {
      throw NotUnderstood("filters of version \(version)")
    }
    if version == 1 { try body.skip(6) }
    var filters: [HDF5Filter] = []
    for _ in 0..<count {
      let id = try body.u16()
      let nameSize = version == 1 || id >= Self.firstNamed ? try body.u16() : 0
      guard id > 0, version == 2 || nameSize % 8 == 0 else { throw NotUnderstood("filter \(id)") }
      try body.skip(2)
      let parameterCount = try body.u16()
      guard parameterCount <= Self.parameterLimit else { throw NotUnderstood("many parameters") }
      try body.skip(nameSize)
      var parameters: [UInt32] = []
      parameters.reserveCapacity(parameterCount)
      for _ in 0..<parameterCount { parameters.append(try body.u32()) }
      if version == 1, parameterCount % 2 == 1 { try body.skip(4) }
      filters.append(HDF5Filter(id: id, parameters: parameters))
    }
    self.filters = filters
  }
}

/// Where a data set's values lie: the "data layout" of its header.
///
/// Understood: versions 3 and 4 but for virtual data sets.
///
/// Source: HDF5 File Format Specification 3.0, section IV.A.2.i.
enum StorageMessage {
  case compact([UInt8])
  case contiguous(address: UInt64?, byteCount: UInt64)
  case chunked(ChunkedStorage)

  init(_ body: ByteWindow) throws(NotUnderstood) {
    var body = body
    let version = try body.byte()
    guard version == 3 || version == 4 else { throw NotUnderstood("a layout's version") }
    switch try body.byte() {
    case 0: self = .compact(try body.array(try body.u16()))
    case 1: self = .contiguous(address: try body.address(), byteCount: try body.u64())
    case 2:
      self = .chunked(
        version == 3 ? try ChunkedStorage(version3: &body) : try ChunkedStorage(version4: &body))
    case let kind: throw NotUnderstood("a layout of kind \(kind)")
    }
  }
}

/// A chunked data set's boxes and the structure that finds them.
struct ChunkedStorage {
  enum Index {
    case tree1
    /// The stored size and the skipped filters, where the chunk is filtered.
    case single(filtered: (size: UInt64, mask: UInt32)?)
    case implicit
    case fixedArray
    case extensibleArray(ExtensibleArrayShape)
    case tree2
  }

  /// The lengths of a box along the axes, without the element's size.
  let shape: [UInt64]
  let elementSize: UInt64
  let index: Index
  /// Nil where no box was ever stored.
  let address: UInt64?

  init(version3 body: inout ByteWindow) throws(NotUnderstood) {
    let rank = Int(try body.byte())
    address = try body.address()
    (shape, elementSize) = try Self.lengths(&body, rank: rank, width: 4)
    index = .tree1
  }

  init(version4 body: inout ByteWindow) throws(NotUnderstood) {
    let flags = try body.byte()
    let rank = Int(try body.byte())
    let width = Int(try body.byte())
    (shape, elementSize) = try Self.lengths(&body, rank: rank, width: width)
    let kind = try body.byte()
    // Bit 0: boxes at the edges are stored without filters. Bit 1: the single chunk is filtered.
    guard flags == 0 || flags == 0b10 && kind == 1 else { throw NotUnderstood("layout \(flags)") }
    switch kind {
    case 1:
      index = .single(filtered: flags == 0b10 ? (try body.u64(), try body.u32()) : nil)
    case 2: index = .implicit
    case 3:
      try body.skip(1)
      index = .fixedArray
    case 4: index = .extensibleArray(try ExtensibleArrayShape(layout: &body))
    case 5:
      try body.skip(6)
      index = .tree2
    default: throw NotUnderstood("a chunk index of kind \(kind)")
    }
    address = try body.address()
  }

  private static func lengths(
    _ body: inout ByteWindow, rank: Int, width: Int
  ) throws(NotUnderstood) -> ([UInt64], UInt64) {
    guard (2...33).contains(rank), (1...8).contains(width) else {
      throw NotUnderstood("chunks of rank \(rank)")
    }
    var lengths: [UInt64] = []
    for _ in 0..<rank {
      let length = try body.unsigned(width)
      guard length > 0 else { throw NotUnderstood("chunks of no elements") }
      lengths.append(length)
    }
    return (Array(lengths.dropLast()), lengths[rank - 1])
  }

  /// The size of a box's elements; libhdf5 allows less than 4 GiB.
  func byteCount() throws(NotUnderstood) -> UInt64 {
    var size = elementSize
    for length in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: length)
      guard !overflow, product < 1 << 32 else { throw NotUnderstood("chunks of 4 GiB") }
      size = product
    }
    return size
  }
}

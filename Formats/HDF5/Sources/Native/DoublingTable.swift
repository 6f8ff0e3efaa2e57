/// How the blocks of a fractal heap grow: rows of equally many blocks, two rows of the first size,
/// then each row's blocks twice as large as the row's before.
///
/// Source: HDF5 File Format Specification 3.0, section III.G ("doubling table").
struct DoublingTable {
  /// The blocks of a row.
  let width: Int
  /// The size of the first row's blocks, a power of two.
  let startSize: Int
  /// The rows whose blocks hold objects; larger blocks hold rows again.
  let directRows: Int

  init(width: Int, startSize: Int, largestDirect: Int) throws(NotUnderstood) {
    func isPower(_ value: Int) -> Bool { value > 0 && value & (value - 1) == 0 }
    guard isPower(width), isPower(startSize), isPower(largestDirect), startSize <= largestDirect,
      width <= 1 << 16, largestDirect <= 1 << 32
    else { throw NotUnderstood("a heap's table") }
    self.width = width
    self.startSize = startSize
    directRows =
      largestDirect.trailingZeroBitCount - startSize.trailingZeroBitCount + 2
  }

  /// The size of a row's blocks; nil where it overflows.
  func blockSize(row: Int) -> Int? {
    let doublings = max(row - 1, 0)
    guard doublings < startSize.leadingZeroBitCount - 1 else { return nil }
    return startSize << doublings
  }

  /// The rows of an indirect block that takes a place for `size` bytes.
  func rows(ofIndirect size: Int) -> Int {
    size.trailingZeroBitCount - startSize.trailingZeroBitCount - width.trailingZeroBitCount + 1
  }

  /// The place of the block that holds the byte at an offset from the start of `rows` rows.
  ///
  /// - Returns: Row, column, where the block starts, its size; nil beyond the last row.
  func place(
    of offset: Int, rows: Int
  ) -> (row: Int, column: Int, start: Int, size: Int)? {
    var rowStart = 0
    for row in 0..<max(rows, 0) {
      guard let size = blockSize(row: row) else { return nil }
      let (rowSize, overflow) = size.multipliedReportingOverflow(by: width)
      guard !overflow else { return nil }
      if offset - rowStart < rowSize {
        let column = (offset - rowStart) / size
        return (row, column, rowStart + column * size, size)
      }
      let (next, carry) = rowStart.addingReportingOverflow(rowSize)
      guard !carry else { return nil }
      rowStart = next
    }
    return nil
  }
}

internal import Checkpoints

/// One row of numbers for every sample of a layer, grouped by data file.
///
/// The last ones are in memory, row by row; the others in an archive in blocks, column by column, so
/// that a figure is read without the others.
struct SampleRows: Sendable {
  /// Rows in the archive.
  private struct Block {
    let rows: Int
    /// The place of the first column; each has `rows` values.
    let start: Int
  }

  /// The rows of one data file, in the order in which they came.
  private struct Part {
    var blocks: [Block] = []
    var latest: [Double] = []
  }

  /// The numbers in a row.
  let length: Int
  private let archive: RowArchive
  private var parts: [Part] = []

  init(length: Int, archive: RowArchive) {
    self.length = length
    self.archive = archive
    archive.join()
  }

  /// Takes rows of one data file.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - file: The number of the data file.
  ///   - fill: Sets `count * length` numbers, row by row.
  /// - Throws: ``CheckpointError`` where rows can't be written to the archive.
  mutating func append(
    _ count: Int, file: Int, fill: (_ rows: UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(CheckpointError) {
    while parts.count <= file { parts.append(Part()) }
    let held = parts.reduce(0) { $0 + $1.latest.count }
    if (held + count * length) * MemoryLayout<Double>.stride > archive.share { try spill() }
    let first = parts[file].latest.count
    parts[file].latest.append(contentsOf: repeatElement(0, count: count * length))
    unsafe parts[file].latest.withUnsafeMutableBufferPointer {
      unsafe fill(UnsafeMutableBufferPointer(rebasing: $0[first...]))
    }
  }

  private mutating func spill() throws(CheckpointError) {
    for file in parts.indices where !parts[file].latest.isEmpty {
      let values = parts[file].latest
      let rows = values.count / length
      var columns = [Double](repeating: 0, count: values.count)
      for row in 0..<rows {
        for column in 0..<length { columns[column * rows + row] = values[row * length + column] }
      }
      let start = try archive.append(columns.span)
      parts[file].blocks.append(Block(rows: rows, start: start))
      parts[file].latest = []
    }
  }

  /// Tells some columns' values of every row, in the order of files and, within each, in that in which
  /// rows came.
  ///
  /// - Parameters:
  ///   - columns: Their numbers.
  ///   - file: The number of a data file; nil for all.
  ///   - body: Takes a row's values of the columns.
  /// - Throws: ``CheckpointError`` where the archive can't be read.
  func forEach(
    _ columns: [Int], file: Int?, _ body: (_ values: [Double]) -> Void
  ) throws(CheckpointError) {
    var values = [Double](repeating: 0, count: columns.count)
    let chosen = file.map { $0 < parts.count ? [parts[$0]] : [] } ?? parts
    for part in chosen {
      for block in part.blocks {
        var read: [[Double]] = []
        for column in columns { read.append(try self.column(column, of: block)) }
        for row in 0..<block.rows {
          for place in columns.indices { values[place] = read[place][row] }
          body(values)
        }
      }
      for start in stride(from: 0, to: part.latest.count, by: length) {
        for (place, column) in columns.enumerated() { values[place] = part.latest[start + column] }
        body(values)
      }
    }
  }
  private func column(_ number: Int, of block: Block) throws(CheckpointError) -> [Double] {
    var values = [Double](repeating: 0, count: block.rows)
    var span = values.mutableSpan
    try archive.read(at: block.start + number * block.rows, into: &span)
    return values
  }
}

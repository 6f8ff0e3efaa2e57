import Checkpoints

/// Puts the elements of an array whose first axis is the fastest into C order.
///
/// The file is taken as a matrix of as many rows as the first axis has places; a column is one range.
/// Rows are done in blocks that fit a bound, each block by a read per column, so that memory doesn't
/// grow with the array beyond one row.
enum FortranOrder {
  /// Below this size of a column, everything is read along instead of a piece of each column.
  private static let smallestRead = 4096

  /// Reorders an array.
  ///
  /// - Parameters:
  ///   - shape: The array's shape; none of it is 0.
  ///   - elementSize: The size of an element in bytes.
  ///   - blockSize: The bytes of a block of rows.
  ///   - read: Reads bytes of the array as the file has them.
  ///   - write: Takes bytes in C order, front to back, with their position.
  /// - Throws: What `read` and `write` throw.
  static func reorder(
    shape: [Int], elementSize: Int, blockSize: Int = 16 << 20,
    read: (_ offset: Int, _ bytes: inout MutableRawSpan) throws(CheckpointError) -> Void,
    write: (_ bytes: RawSpan, _ offset: Int) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let rows = shape[0]
    let columns = shape.dropFirst().reduce(1, *)
    let rowSize = columns * elementSize
    let block = max(1, min(rows, blockSize / rowSize))
    let places = columnPlaces(Array(shape.dropFirst()))
    for first in stride(from: 0, to: rows, by: block) {
      let count = min(block, rows - first)
      var output = [UInt8](repeating: 0, count: count * rowSize)
      let readsAlong = rows * elementSize < smallestRead || count == rows
      let batch = readsAlong ? max(1, (1 << 20) / (rows * elementSize)) : 1
      let start = readsAlong ? 0 : first
      let length = readsAlong ? rows : count
      var input = [UInt8](repeating: 0, count: batch * length * elementSize)
      for column in stride(from: 0, to: columns, by: batch) {
        let wanted = min(batch, columns - column)
        do {
          var span = input.mutableSpan
          var all = unsafe span.mutableBytes
          var bytes = all._mutatingExtracting(0..<wanted * length * elementSize)
          try read((column * rows + start) * elementSize, &bytes)
        }
        for next in 0..<wanted {
          let place = places[column + next]
          for row in 0..<count {
            let from = (next * length + first - start + row) * elementSize
            let to = (row * columns + place) * elementSize
            for byte in 0..<elementSize { output[to + byte] = input[from + byte] }
          }
        }
      }
      try write(unsafe output.span.bytes, first * rowSize)
    }
  }

  /// The place in C order of each column, which the file has in Fortran order.
  private static func columnPlaces(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    var places = [0]
    // The first axis is the fastest: each further axis repeats what stands, shifted.
    for (extent, stride) in zip(shape, strides) {
      places = (0..<extent).flatMap { step in places.map { $0 + step * stride } }
    }
    return places
  }
}

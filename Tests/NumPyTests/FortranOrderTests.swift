import Checkpoints
import Testing

@testable import NumPy

/// Arrays whose first axis is the fastest come out in C order, in one block or in many.
struct FortranOrderTests {
  /// The elements are their own places in C order.
  private func reordered(_ shape: [Int], size: Int, blockSize: Int = 1 << 20) throws -> (
    found: [UInt8], wanted: [UInt8]
  ) {
    let count = shape.reduce(1, *)
    func element(_ number: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * ($0 % 3)) &+ $0) }
    }
    var stored = [UInt8](repeating: 0, count: count * size)
    for number in 0..<count {
      var rest = number
      var position: [Int] = []
      for extent in shape.reversed() {
        position.append(rest % extent)
        rest /= extent
      }
      // The last axis first: its step in Fortran order is the product of those before.
      var place = 0
      for (index, extent) in zip(position, shape.reversed()) { place = place * extent + index }
      stored.replaceSubrange(place * size..<(place + 1) * size, with: element(number))
    }
    var found = [UInt8](repeating: 0, count: stored.count)
    try FortranOrder.reorder(
      shape: shape, elementSize: size, blockSize: blockSize,
      read: { (offset, bytes) throws(CheckpointError) in
        for place in 0..<bytes.byteCount {
          bytes.storeBytes(of: stored[offset + place], toByteOffset: place, as: UInt8.self)
        }
      },
      write: { (bytes, offset) throws(CheckpointError) in
        for place in 0..<bytes.byteCount {
          found[offset + place] = unsafe bytes.unsafeLoad(fromByteOffset: place, as: UInt8.self)
        }
      })
    return (found, (0..<count).flatMap(element))
  }

  @Test(arguments: [
    [1, 1], [2, 3], [3, 2], [7, 1], [2, 3, 4], [4, 3, 2], [1, 5, 1, 3], [3, 1, 2, 2, 2],
  ])
  func smallArrays(shape: [Int]) throws {
    for size in [1, 2, 4, 8] {
      let (found, wanted) = try reordered(shape, size: size)
      #expect(found == wanted, "\(size)")
    }
  }

  /// Beyond one block of rows: columns long enough to be read one by one, and too short for it.
  @Test(arguments: [[3000, 7], [90, 70], [5, 4, 30]])
  func arraysBeyondOneBlock(shape: [Int]) throws {
    for blockSize in [1, 500, 20_000] {
      let (found, wanted) = try reordered(shape, size: 4, blockSize: blockSize)
      #expect(found == wanted)
    }
  }
}

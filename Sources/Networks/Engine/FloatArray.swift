internal import Synchronization

/// Values of 32 bits in C order with their shape: a feature of a batch, or a weight.
///
/// A copy shares its values, and whoever computes fills an array before it hands it on; nobody writes
/// to an array that came from elsewhere.
package struct FloatArray: @unchecked Sendable {
  /// The number of elements along each axis; the first axis of a feature is the batch.
  package let shape: [Int]
  /// The number of elements.
  package let count: Int
  private let memory: FloatMemory

  /// An array whose values are anything.
  package init(_ shape: [Int]) {
    self.shape = shape
    self.count = shape.reduce(1, *)
    self.memory = FloatMemory.take(count)
  }

  /// An array with values; behind the last one given there are zeros.
  package init(_ shape: [Int], _ values: [Float]) {
    self.init(shape)
    precondition(values.count <= count)
    let rest = unsafe target(0..<count).update(fromContentsOf: values)
    unsafe target(rest..<count).update(repeating: 0)
  }

  private init(_ shape: [Int], sharing memory: FloatMemory) {
    self.shape = shape
    self.count = shape.reduce(1, *)
    self.memory = memory
  }

  /// The same values under another shape with as many elements.
  package func reshaped(_ shape: [Int]) -> FloatArray {
    let result = FloatArray(shape, sharing: memory)
    precondition(result.count == count)
    return result
  }

  /// The values, aligned to 64 bytes.
  package var pointer: UnsafeMutablePointer<Float> { unsafe memory.start }

  /// The values of a range, as they are.
  package func values(_ range: Range<Int>) -> UnsafeBufferPointer<Float> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeBufferPointer(start: pointer + range.lowerBound, count: range.count)
  }

  /// The values of a range, to be filled.
  package func target(_ range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe UnsafeMutableBufferPointer(start: pointer + range.lowerBound, count: range.count)
  }

  /// The values as an array of their own.
  package var elements: [Float] { unsafe Array(values(0..<count)) }
}

/// The memory of arrays, kept for the next array of its size: fresh pages cost more than what is
/// computed on them.
@safe
private final class FloatMemory: @unchecked Sendable {
  let start: UnsafeMutablePointer<Float>
  private let capacity: Int

  private static let alignment = 64
  private static let free = Mutex<[Int: [UInt]]>([:])

  private init(start: UnsafeMutablePointer<Float>, capacity: Int) {
    unsafe self.start = unsafe start
    self.capacity = capacity
  }

  static func take(_ count: Int) -> FloatMemory {
    // A multiple of a cache line, so that arrays of nearly the same size share their memory.
    let capacity = max(16, (count + 15) / 16 * 16)
    let known = free.withLock { $0[capacity]?.popLast() }
    if let known, let start = unsafe UnsafeMutablePointer<Float>(bitPattern: known) {
      return unsafe FloatMemory(start: start, capacity: capacity)
    }
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: capacity * MemoryLayout<Float>.stride, alignment: alignment)
    return unsafe FloatMemory(
      start: bytes.bindMemory(to: Float.self, capacity: capacity), capacity: capacity)
  }

  deinit {
    let address = unsafe UInt(bitPattern: start)
    Self.free.withLock { $0[capacity, default: []].append(address) }
  }
}

/// The samples of a batch one by one, without their masked rows.
///
/// Its buffers must stay valid as long as it is used.
@safe struct SampleBatch {
  private let features: [UnsafeBufferPointer<Float>]
  private let width: Int
  private let mask: [Bool]?
  private let rows: Int
  private var pointers: [UnsafePointer<Float>?]
  private var kept: [Float] = []

  init(_ features: [UnsafeBufferPointer<Float>], samples: Int, width: Int, mask: [Bool]?) {
    unsafe self.features = unsafe features
    self.width = width
    self.mask = mask
    rows = mask.map { samples == 0 ? 0 : $0.count / samples } ?? 0
    precondition(
      mask == nil || (rows > 0 && mask?.count == rows * samples && width % rows == 0),
      "a mask that doesn't divide the features")
    unsafe pointers = unsafe Array(repeating: nil, count: features.count)
  }

  /// Calls `body` with where each stream's values of a sample are and how many count.
  mutating func withSample(
    _ sample: Int, _ body: (_ streams: [UnsafePointer<Float>?], _ count: Int) -> Void
  ) {
    for stream in unsafe features.indices {
      // Safe: the caller has checked that the buffers hold every sample.
      unsafe pointers[stream] = unsafe features[stream].baseAddress.map {
        unsafe $0 + sample * width
      }
    }
    guard let mask, !mask[sample * rows..<(sample + 1) * rows].allSatisfy(\.self) else {
      return unsafe body(pointers, width)
    }
    // Rows that count, moved together: what follows sees a shorter feature.
    let valid = (0..<rows).filter { mask[sample * rows + $0] }
    let size = width / rows
    kept.removeAll(keepingCapacity: true)
    for stream in unsafe features.indices {
      for row in valid {
        let start = sample * width + row * size
        unsafe kept.append(contentsOf: features[stream][start..<start + size])
      }
    }
    let count = valid.count * size
    unsafe kept.withUnsafeBufferPointer { kept in
      for stream in unsafe features.indices {
        unsafe pointers[stream] = unsafe kept.baseAddress.map { unsafe $0 + stream * count }
      }
      unsafe body(pointers, count)
    }
  }
}

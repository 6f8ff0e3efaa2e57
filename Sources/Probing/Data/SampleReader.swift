import Checkpoints

/// Reads the samples of one input as a network takes them.
struct SampleReader {
  /// As many values are decoded at once: few enough to stay in the cache.
  private static let block = 1 << 13
  /// The greatest integer up to which Float32 holds every integer.
  private static let greatestExact = 0x1p24

  let fit: InputFit
  private let preprocessing: Preprocessing
  private var stream: SampleStream
  private var values: [Double] = []

  init(
    _ tensor: Tensor, in checkpoint: Checkpoint, fit: InputFit, preprocessing: Preprocessing
  ) {
    stream = SampleStream(tensor, in: checkpoint)
    self.fit = fit
    self.preprocessing = preprocessing
  }

  /// The values of some samples in C order, in the network's order of axes.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read, or an integer can't be held exactly.
  mutating func read(_ samples: Range<Int>) throws(CheckpointError) -> [Float] {
    guard !samples.isEmpty else { return [] }
    try stream.load(samples)
    let tensor = stream.tensor
    let size = stream.sampleSize
    var result = [Float](repeating: 0, count: samples.count * size)
    if tensor.elementType == .float32, tensor.byteOrder == .native, !preprocessing.isNeeded {
      stream.copy(samples.lowerBound * size, into: &result)
    } else {
      let first = samples.lowerBound * size
      for start in stride(from: 0, to: result.count, by: Self.block) {
        let count = min(Self.block, result.count - start)
        stream.decode(first + start, count: count, into: &values)
        if preprocessing.isNeeded {
          preprocessing.apply(
            to: &values, from: start % max(1, size), sample: Array(tensor.shape.dropFirst()))
        } else if tensor.elementType.isInteger {
          try checkIntegers(first + start)
        }
        for place in 0..<count { result[start + place] = Float(values[place]) }
      }
    }
    guard let move = fit.moves else { return result }
    return Self.moveChannels(result, move, sample: Array(tensor.shape.dropFirst()))
  }

  /// A token that Float32 rounds would be another token.
  private func checkIntegers(_ element: Int) throws(CheckpointError) {
    guard let place = values.firstIndex(where: { $0.magnitude > Self.greatestExact }) else {
      return
    }
    let tensor = stream.tensor
    throw CheckpointError(
      .unusable, file: stream.checkpoint.file.name, subject: "tensor \(tensor.name)",
      fact:
        "holds \(Int(exactly: values[place]).map { grouped($0) } ?? "\(values[place])") at sample "
        + "\((element + place) / max(1, stream.sampleSize)), which Float32 can't hold exactly",
      remedy: "integers up to 16,777,216 can be probed")
  }

  /// Transposes each sample between (C, rest) and (rest, C).
  private static func moveChannels(
    _ values: [Float], _ move: InputFit.Move, sample: [Int]
  ) -> [Float] {
    guard !values.isEmpty else { return values }
    let size = sample.reduce(1, *)
    let rows = move == .toLast ? sample[0] : size / (sample.last ?? 1)
    let columns = size / rows
    var result = values
    for start in stride(from: 0, to: values.count, by: size) {
      for row in 0..<rows {
        for column in 0..<columns {
          result[start + column * rows + row] = values[start + row * columns + column]
        }
      }
    }
    return result
  }
}

extension ByteOrder {
  /// The order of this machine.
  fileprivate static var native: ByteOrder { 1.littleEndian == 1 ? .little : .big }
}

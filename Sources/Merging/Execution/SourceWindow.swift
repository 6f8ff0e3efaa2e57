import Checkpoints

/// What one thread has read of one input: the elements that a piece of work needs.
///
/// Contiguous tensors that lie close together in the file are read in one go with what lies between
/// them: checkpoints of one architecture mostly have the same layout, so a piece of the output is
/// one range of each input.
struct SourceWindow {
  /// Elements of a tensor that are wanted.
  struct Request {
    let tensor: Int
    let elements: Range<Int>
  }

  /// The largest gap that is read along: below the cost of another system call.
  private static let largestGap = 4096

  private(set) var bytes: [UInt8] = []
  /// Where each request's first byte lies in `bytes`.
  private(set) var places: [Int] = []
  private var scratch = ChunkScratch()

  /// Reads what is wanted; the former content is gone.
  mutating func load(
    _ requests: [Request], from input: Checkpoint
  ) throws(CheckpointError) {
    places.removeAll(keepingCapacity: true)
    var runs: [(offset: Int, place: Int, length: Int)] = []
    var total = 0
    for request in requests {
      let tensor = input.tensors[request.tensor]
      let length = request.elements.count * tensor.elementSize
      guard case .contiguous(let extent) = tensor.storage else {
        places.append(total)
        total += length
        continue
      }
      let offset = extent.offset + request.elements.lowerBound * tensor.elementSize
      if let run = runs.last, run.place + run.length == total {
        let gap = offset - (run.offset + run.length)
        if gap >= 0, gap <= SourceWindow.largestGap {
          places.append(total + gap)
          runs[runs.count - 1].length += gap + length
          total += gap + length
          continue
        }
      }
      places.append(total)
      runs.append((offset, total, length))
      total += length
    }
    var buffer = takeBuffer(total)
    defer { bytes = buffer }
    var span = buffer.mutableSpan
    var all = unsafe span.mutableBytes
    for run in runs {
      var part = all._mutatingExtracting(run.place..<run.place + run.length)
      try input.file.read(at: run.offset, into: &part)
    }
    for (request, place) in zip(requests, places) {
      let tensor = input.tensors[request.tensor]
      if case .contiguous = tensor.storage { continue }
      let length = request.elements.count * tensor.elementSize
      var part = all._mutatingExtracting(place..<place + length)
      try input.read(tensor, elements: request.elements, into: &part, scratch: &scratch)
    }
  }

  /// Reads a box of a tensor in C order; the former content is gone.
  mutating func load(
    _ box: ChunkBox, of tensor: Tensor, from input: Checkpoint
  ) throws(CheckpointError) {
    let length = box.elementCount * tensor.elementSize
    var buffer = takeBuffer(length)
    defer { bytes = buffer }
    places.removeAll(keepingCapacity: true)
    places.append(0)
    var span = buffer.mutableSpan
    var all = unsafe span.mutableBytes
    var part = all._mutatingExtracting(0..<length)
    try input.read(tensor, box: box, into: &part, scratch: &scratch)
  }

  /// Moves the buffer out of `self`, grown to a size; whoever takes it puts it back.
  private mutating func takeBuffer(_ count: Int) -> [UInt8] {
    var buffer: [UInt8] = []
    swap(&buffer, &bytes)
    return buffer.count < count ? [UInt8](repeating: 0, count: count) : buffer
  }
}

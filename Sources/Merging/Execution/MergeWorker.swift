import Checkpoints

/// One thread's buffers, and what it does with a piece of work.
struct MergeWorker {
  private let inputs: [Checkpoint]
  private let lanes: [MergeLane]
  private let work: WorkList
  private let startsWriteback: Bool
  private var windows: [SourceWindow]
  private var combiners: [TileCombiner]
  private var output: [UInt8] = []
  /// What is to be read of each input.
  private var requests: [[SourceWindow.Request]]
  /// Where the windows hold each segment's operands: segment after segment.
  private var operands: [OperandPlace] = []

  /// A worker.
  ///
  /// - Parameters:
  ///   - lanes: The outputs; the first lane's blueprint is what `work` was cut from.
  ///   - combinations: How tensors are combined, by lane.
  ///   - work: The pieces of work.
  ///   - startsWriteback: Whether finished ranges start on their way to the disk.
  init(
    _ lanes: [MergeLane], combinations: [CombinationTable], work: WorkList, startsWriteback: Bool
  ) {
    self.inputs = lanes[0].plan.inputs
    self.lanes = lanes
    self.work = work
    self.startsWriteback = startsWriteback
    self.windows = inputs.map { _ in SourceWindow() }
    self.requests = inputs.map { _ in [] }
    self.combiners = zip(lanes, combinations).map { TileCombiner($0.plan, $1) }
  }

  /// How many variances this thread raised to zero, by lane.
  var clampedCounts: [Int] { combiners.map(\.clampedCount) }

  /// Does a piece of work for every lane.
  ///
  /// - Returns: The bytes written.
  mutating func run(_ piece: WorkList.Piece) throws(CheckpointError) -> Int {
    switch piece {
    case .span(let segments): try writeSpan(segments)
    case .band(let number, let target, let elements): try writeBand(number, target, elements)
    case .chunk(let number, let target, let index): try writeChunk(number, target, index)
    }
  }

  /// Assembles adjacent segments in memory, block by block, and writes them with one call.
  private mutating func writeSpan(_ range: Range<Int>) throws(CheckpointError) -> Int {
    let piece = work.segments[range]
    guard let first = piece.first, let last = piece.last else { return 0 }
    let length = last.offset + last.length - first.offset
    growOutput(to: length)
    var assembled = takeOutput()
    defer { output = assembled }
    var span = assembled.mutableSpan
    var bytes = unsafe span.mutableBytes
    for block in work.blocks(of: range) {
      let segments = work.segments[block]
      try load(segments, into: &bytes, from: first.offset)
      for lane in lanes.indices {
        try combine(segments, lane, into: &bytes, from: first.offset)
        // Lanes share the buffer.
        if lanes.count > 1 { try write(bytes.bytes, segments, from: first.offset, to: lanes[lane]) }
      }
    }
    if lanes.count == 1 { try write(bytes.bytes, piece, from: first.offset, to: lanes[0]) }
    return length * lanes.count
  }

  /// Reads what segments are merged from into the windows, and bytes that are only copied into the
  /// buffer that begins at `start` of the output.
  private mutating func load(
    _ segments: ArraySlice<WorkList.Segment>, into bytes: inout MutableRawSpan, from start: Int
  ) throws(CheckpointError) {
    try load(
      segments.compactMap { segment in
        guard case .elements(let target, let elements) = segment.content else { return nil }
        return (target, elements)
      })
    for segment in segments {
      guard case .verbatim(let copy, let from) = segment.content else { continue }
      let place = segment.offset - start
      var part = bytes._mutatingExtracting(place..<place + segment.length)
      let source = lanes[0].blueprint.copies[copy].source + from
      try inputs[0].file.read(at: source, into: &part)
    }
  }

  /// Combines what the windows hold of segments.
  private mutating func combine(
    _ segments: ArraySlice<WorkList.Segment>, _ lane: Int, into bytes: inout MutableRawSpan,
    from start: Int
  ) throws(CheckpointError) {
    var next = 0
    for segment in segments {
      guard case .elements(let target, let elements) = segment.content else { continue }
      let goal = lanes[0].blueprint.targets[target]
      let end = next + operandCount(of: goal.tensor)
      try combiners[lane].combine(
        tensor: goal.tensor, elements, windows: windows, operands: operands[next..<end],
        as: goal.elementType, goal.byteOrder, into: &bytes, at: segment.offset - start)
      next = end
    }
  }

  /// Writes segments in one go, or one by one where a lane has them elsewhere.
  private func write(
    _ bytes: RawSpan, _ segments: ArraySlice<WorkList.Segment>, from start: Int, to lane: MergeLane
  ) throws(CheckpointError) {
    if lane.isLikeFirst, let first = segments.first, let last = segments.last {
      let length = last.offset + last.length - first.offset
      let place = first.offset - start
      try lane.output.write(bytes.extracting(place..<place + length), at: first.offset)
      if startsWriteback { lane.output.startWriteback(at: first.offset, length: length) }
      return
    }
    for segment in segments {
      let place = segment.offset - start
      let part = bytes.extracting(place..<place + segment.length)
      switch segment.content {
      case .verbatim(let copy, let from):
        try lane.output.write(part, at: lane.blueprint.copies[copy].target.offset + from)
      case .elements(let target, let elements):
        let offset = lane.offset(
          of: lanes[0].blueprint.targets[target], element: elements.lowerBound)
        try lane.output.write(part, at: offset)
      }
    }
  }

  /// Combines a band of chunks in memory, cuts it into its chunks and hands them on.
  private mutating func writeBand(
    _ number: Int, _ place: Int, _ elements: Range<Int>
  ) throws(CheckpointError) -> Int {
    for lane in lanes { lane.chunks.waitForTurn(of: number) }
    let goal = lanes[0].blueprint.targets[place]
    let size = goal.elementType.byteCount ?? 1
    growOutput(to: elements.count * size)
    try load([(place, elements)])
    var band = takeOutput()
    defer { output = band }
    for lane in lanes.indices {
      do {
        var span = band.mutableSpan
        var bytes = unsafe span.mutableBytes
        try combiners[lane].combine(
          tensor: goal.tensor, elements, windows: windows, operands: operands[...],
          as: goal.elementType, goal.byteOrder, into: &bytes, at: 0)
      }
      try storeChunks(of: lanes[lane], number, target: place, elements, band)
    }
    return elements.count * size * lanes.count
  }

  /// Combines one chunk of a tensor whose bands are too large for memory.
  private mutating func writeChunk(
    _ number: Int, _ place: Int, _ index: Int
  ) throws(CheckpointError) -> Int {
    for lane in lanes { lane.chunks.waitForTurn(of: number) }
    let plan = lanes[0].plan
    let goal = lanes[0].blueprint.targets[place]
    guard case .chunked(let grid, _) = goal.place,
      case .merge(let merge) = plan.actions[goal.tensor]
    else { return 0 }
    let shape = plan.template.tensors[goal.tensor].shape
    let box = grid.box(at: index, shape: shape)
    let size = goal.elementType.byteCount ?? 1
    let length = box.elementCount * size
    growOutput(to: length)
    // One box may be wanted twice of an input, so operands have windows of their own here.
    for (number, operand) in merge.operands.enumerated() {
      if windows.count == number { windows.append(SourceWindow()) }
      let input = inputs[operand.input]
      try windows[number].load(box, of: input.tensors[operand.place], from: input)
    }
    let places = merge.operands.indices.map { OperandPlace(input: $0, request: 0) }
    var elements = takeOutput()
    defer { output = elements }
    for lane in lanes.indices {
      do {
        var span = elements.mutableSpan
        var bytes = unsafe span.mutableBytes
        var next = 0
        var rows: [Range<Int>] = []
        if plan.methods[merge.method] is any Combination {
          // Where an element's place makes no difference, the box is as good as one row.
          rows.append(0..<box.elementCount)
        } else {
          box.forEachRow(shape: shape, chunkShape: grid.chunkShape) { rows.append($0.elements) }
        }
        for row in rows {
          try combiners[lane].combine(
            tensor: goal.tensor, row, windows: windows, operands: places[...], skipping: next,
            as: goal.elementType, goal.byteOrder, into: &bytes, at: next * size)
          next += row.count
        }
      }
      var next = 0
      let chunk = try encoded(elements, box, of: lanes[lane], target: place) { row in
        defer { next += row.elements.count }
        return next
      }
      try hand([chunk], number, to: lanes[lane], target: place)
    }
    return length * lanes.count
  }

  /// Cuts a band into its chunks, encodes them and hands them to the lane.
  private func storeChunks(
    of lane: MergeLane, _ number: Int, target place: Int, _ elements: Range<Int>, _ band: [UInt8]
  ) throws(CheckpointError) {
    let target = lane.blueprint.targets[place]
    guard case .chunked(let grid, _) = target.place else { return }
    let shape = lane.plan.template.tensors[target.tensor].shape
    var chunks: [ChunkQueue.Chunk] = []
    for index in grid.indices(touching: elements, shape: shape) {
      chunks.append(
        try encoded(band, grid.box(at: index, shape: shape), of: lane, target: place) { row in
          row.elements.lowerBound - elements.lowerBound
        })
    }
    try hand(chunks, number, to: lane, target: place)
  }

  /// Puts a chunk together and encodes it.
  ///
  /// - Parameters:
  ///   - combined: Combined elements.
  ///   - box: The chunk's part of the tensor.
  ///   - lane: The output.
  ///   - place: The target.
  ///   - start: Where a row's elements begin among the combined ones; asked row by row, in C order.
  /// - Returns: The chunk as it is stored.
  /// - Throws: ``CheckpointError`` where a filter can only be read.
  private func encoded(
    _ combined: [UInt8], _ box: ChunkBox, of lane: MergeLane, target place: Int,
    _ start: (ChunkBox.Row) -> Int
  ) throws(CheckpointError) -> ChunkQueue.Chunk {
    let target = lane.blueprint.targets[place]
    let tensor = lane.plan.template.tensors[target.tensor]
    let size = target.elementType.byteCount ?? 1
    guard case .chunked(let grid, _) = target.place else {
      return ChunkQueue.Chunk(bytes: [], origin: box.origin)
    }
    var chunk = [UInt8](repeating: 0, count: grid.chunkByteCount)
    box.forEachRow(shape: tensor.shape, chunkShape: grid.chunkShape) { row in
      let from = start(row) * size
      let length = row.elements.count * size
      let to = row.chunkStart * size
      chunk.replaceSubrange(to..<to + length, with: combined[from..<from + length])
    }
    do throws(ChunkError) {
      return ChunkQueue.Chunk(bytes: try grid.pipeline.encode(chunk), origin: box.origin)
    } catch {
      throw .unusable(
        lane.plan.template.file.name, tensor: tensor.name, error.reason,
        remedy: "use --layout contiguous")
    }
  }

  private func hand(
    _ chunks: [ChunkQueue.Chunk], _ number: Int, to lane: MergeLane, target place: Int
  ) throws(CheckpointError) {
    let target = lane.blueprint.targets[place]
    guard case .chunked(_, let sink) = target.place else { return }
    try lane.chunks.add(chunks, of: target.tensor, to: sink, number: number)
  }

  /// Reads the elements of some targets from the inputs that they are merged from.
  private mutating func load(
    _ wanted: [(target: Int, elements: Range<Int>)]
  ) throws(CheckpointError) {
    let plan = lanes[0].plan
    for input in inputs.indices { requests[input].removeAll(keepingCapacity: true) }
    operands.removeAll(keepingCapacity: true)
    for (target, elements) in wanted {
      let tensor = lanes[0].blueprint.targets[target].tensor
      guard case .merge(let merge) = plan.actions[tensor] else { continue }
      for operand in merge.operands {
        operands.append(
          OperandPlace(input: operand.input, request: requests[operand.input].count))
        requests[operand.input].append(
          SourceWindow.Request(tensor: operand.place, elements: elements))
      }
    }
    for input in inputs.indices {
      try windows[input].load(requests[input], from: inputs[input])
    }
  }

  /// How many operands a tensor is merged from.
  private func operandCount(of tensor: Int) -> Int {
    guard case .merge(let merge) = lanes[0].plan.actions[tensor] else { return 0 }
    return merge.operands.count
  }

  private mutating func growOutput(to count: Int) {
    if output.count < count { output = [UInt8](repeating: 0, count: count) }
  }

  /// Moves the buffer out of `self`, so that it can be written while other members change; whoever
  /// takes it puts it back.
  private mutating func takeOutput() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &output)
    return taken
  }
}

import Checkpoints

/// One thread's buffers, and what it does with a piece of work.
struct MergeWorker {
  /// What was written.
  struct Written {
    /// The range of the file, where it is one.
    let extent: Extent?
    let byteCount: Int
  }

  private let plan: MergePlan
  private let blueprint: Blueprint
  private let work: WorkList
  private var windows: [SourceWindow]
  private var combiner: TileCombiner
  private var output: [UInt8] = []
  /// Requests for each input; the requests of one segment have the same place in all of them.
  private var requests: [[SourceWindow.Request]]

  init(_ plan: MergePlan, blueprint: Blueprint, work: WorkList) {
    self.plan = plan
    self.blueprint = blueprint
    self.work = work
    self.windows = plan.inputs.map { _ in SourceWindow() }
    self.requests = plan.inputs.map { _ in [] }
    self.combiner = TileCombiner(plan)
  }

  /// How many variances this thread raised to zero.
  var clampedCount: Int { combiner.clampedCount }

  /// Does a piece of work.
  mutating func run(
    _ piece: WorkList.Piece, output file: StagedFile
  ) throws(CheckpointError) -> Written {
    switch piece {
    case .span(let segments): try writeSpan(work.segments[segments], to: file)
    case .band(let target, let elements): try writeBand(target, elements)
    }
  }

  /// Assembles adjacent segments in memory and writes them with one call.
  private mutating func writeSpan(
    _ segments: ArraySlice<WorkList.Segment>, to file: StagedFile
  ) throws(CheckpointError) -> Written {
    guard let first = segments.first, let last = segments.last,
      let extent = Extent(offset: first.offset, length: last.offset + last.length - first.offset)
    else { return Written(extent: nil, byteCount: 0) }
    growOutput(to: extent.length)
    try load(
      segments.compactMap { segment in
        guard case .elements(let target, let elements) = segment.content else { return nil }
        return (target, elements)
      })
    var assembled = takeOutput()
    defer { output = assembled }
    var span = assembled.mutableSpan
    var bytes = unsafe span.mutableBytes
    var request = 0
    for segment in segments {
      let place = segment.offset - extent.offset
      switch segment.content {
      case .verbatim:
        var part = bytes._mutatingExtracting(place..<place + segment.length)
        try plan.template.file.read(at: segment.offset, into: &part)
      case .elements(let target, let elements):
        let goal = blueprint.targets[target]
        try combiner.combine(
          tensor: goal.tensor, count: elements.count, windows: windows, request: request,
          as: goal.elementType, goal.byteOrder, into: &bytes, at: place)
        request += 1
      }
    }
    try file.write(bytes.bytes.extracting(0..<extent.length), at: extent.offset)
    return Written(extent: extent, byteCount: extent.length)
  }

  /// Combines a band of chunks in memory, cuts it into its chunks and hands them to the sink.
  private mutating func writeBand(
    _ place: Int, _ elements: Range<Int>
  ) throws(CheckpointError) -> Written {
    let target = blueprint.targets[place]
    guard case .chunked(let grid, let sink) = target.place else {
      return Written(extent: nil, byteCount: 0)
    }
    let size = target.elementType.byteCount ?? 1
    growOutput(to: elements.count * size)
    try load([(place, elements)])
    var band = takeOutput()
    defer { output = band }
    do {
      var span = band.mutableSpan
      var bytes = unsafe span.mutableBytes
      try combiner.combine(
        tensor: target.tensor, count: elements.count, windows: windows, request: 0,
        as: target.elementType, target.byteOrder, into: &bytes, at: 0)
    }
    let tensor = plan.template.tensors[target.tensor]
    for index in grid.indices(touching: elements, shape: tensor.shape) {
      let box = grid.box(at: index, shape: tensor.shape)
      var chunk = [UInt8](repeating: 0, count: grid.chunkByteCount)
      box.forEachRow(shape: tensor.shape, chunkShape: grid.chunkShape) { row in
        let from = (row.elements.lowerBound - elements.lowerBound) * size
        let length = row.elements.count * size
        let to = row.chunkStart * size
        chunk.replaceSubrange(to..<to + length, with: band[from..<from + length])
      }
      let stored: [UInt8]
      do throws(ChunkError) {
        stored = try grid.pipeline.encode(chunk)
      } catch {
        throw .unusable(
          plan.template.file.name, tensor: tensor.name, error.reason,
          remedy: "use --layout contiguous")
      }
      try sink.store(stored, at: box.origin, tensor: target.tensor)
    }
    return Written(extent: nil, byteCount: elements.count * size)
  }

  /// Reads the elements of some targets from every input.
  private mutating func load(
    _ wanted: [(target: Int, elements: Range<Int>)]
  ) throws(CheckpointError) {
    for source in plan.inputs.indices {
      requests[source].removeAll(keepingCapacity: true)
      for (target, elements) in wanted {
        guard case .merge(let places) = plan.actions[blueprint.targets[target].tensor] else {
          continue
        }
        requests[source].append(
          SourceWindow.Request(tensor: places[source], elements: elements))
      }
      try windows[source].load(requests[source], from: plan.inputs[source])
    }
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

import Checkpoints

/// The output cut into pieces of about the same size, each done by one thread in one go.
///
/// The pieces follow the file, not the tensors: a large tensor is many pieces, and a piece may hold
/// hundreds of small tensors with the verbatim bytes between them, so that neither a system call nor
/// a turn of the queue is paid per tensor.
struct WorkList {
  /// A range of the output file.
  struct Segment {
    /// What the bytes are.
    enum Content {
      /// Bytes of a copy of the blueprint, from one on.
      case verbatim(copy: Int, from: Int)
      /// Elements of a target of the blueprint.
      case elements(target: Int, Range<Int>)
    }

    let offset: Int
    let length: Int
    let content: Content
  }

  /// A piece of work.
  enum Piece {
    /// Adjacent or nearby segments, assembled in a buffer and written at once.
    case span(Range<Int>)
    /// One band of chunks of a chunked target, and its number among all bands.
    case band(number: Int, target: Int, elements: Range<Int>)
    /// One chunk of a target whose bands are too large, and its number among bands and chunks.
    case chunk(number: Int, target: Int, index: Int)
  }

  /// How many pieces' bytes a band may have; larger ones are done chunk by chunk, whose sources are
  /// read row by row.
  private static let largestBand = 4

  private(set) var segments: [Segment] = []
  private(set) var pieces: [Piece] = []
  private let sizes: BufferSizes

  /// Cuts the work; bands come first.
  ///
  /// - Parameters:
  ///   - blueprint: What the output consists of.
  ///   - plan: The merge.
  ///   - sizes: The size of a piece, which is larger only where a row, a band or a chunk is.
  init(_ blueprint: Blueprint, plan: MergePlan, sizes: BufferSizes) {
    self.sizes = sizes
    let copies = blueprint.copies
    var copy = 0
    for (place, target) in blueprint.targets.enumerated() {
      switch target.place {
      case .contiguous(let extent):
        while copy < copies.count, copies[copy].target.offset < extent.offset {
          cut(copies[copy].target, copy: copy)
          copy += 1
        }
        let unit = WorkList.unit(target, plan: plan)
        cut(extent, target: place, elementSize: target.elementType.byteCount ?? 1, unit: unit)
      case .chunked(let grid, _):
        let tensor = plan.template.tensors[target.tensor]
        let unit = plan.unit(of: target.tensor)
        let band = roundedUp(grid.bandElementCount(shape: tensor.shape), toMultipleOf: unit)
        let size = target.elementType.byteCount ?? 1
        // A chunk holds parts of rows, so methods that want whole ones do bands whatever their size.
        if unit == 1, band * size > WorkList.largestBand * sizes.piece, tensor.elementCount > 0 {
          for index in 0..<grid.gridShape.reduce(1, *) {
            pieces.append(.chunk(number: pieces.count, target: place, index: index))
          }
          continue
        }
        for start in stride(from: 0, to: tensor.elementCount, by: max(band, 1)) {
          let elements = start..<min(start + band, tensor.elementCount)
          pieces.append(.band(number: pieces.count, target: place, elements: elements))
        }
      }
    }
    for rest in copy..<copies.count { cut(copies[rest].target, copy: rest) }
    gather()
  }

  private mutating func cut(_ extent: Extent, copy: Int) {
    var offset = extent.offset
    while offset < extent.end {
      let end = min(extent.end, boundary(after: offset))
      segments.append(
        Segment(
          offset: offset, length: end - offset,
          content: .verbatim(copy: copy, from: offset - extent.offset)))
      offset = end
    }
  }

  private mutating func cut(_ extent: Extent, target: Int, elementSize: Int, unit: Int) {
    let count = extent.length / elementSize
    var start = 0
    while start < count {
      let offset = extent.offset + start * elementSize
      let room = boundary(after: offset) - offset
      // An element across a boundary belongs to what is before it; so do a row and a band.
      let wanted = roundedUp((room + elementSize - 1) / elementSize, toMultipleOf: unit)
      let elements = start..<min(start + wanted, count)
      segments.append(
        Segment(
          offset: offset, length: elements.count * elementSize,
          content: .elements(target: target, elements)))
      start = elements.upperBound
    }
  }

  /// The first position after another one where a block or a piece ends.
  ///
  /// Both end at multiples of their size in the file: the page cache takes and gives aligned ranges
  /// in large folios. Cutting elsewhere costs a tenth of a merge in pieces of 1 MiB, and three
  /// fifths in pieces of 64 KiB.
  private func boundary(after offset: Int) -> Int {
    min((offset / sizes.block + 1) * sizes.block, (offset / sizes.piece + 1) * sizes.piece)
  }

  /// The segments of a piece that are read and combined together.
  func blocks(of segments: Range<Int>) -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    var start = segments.lowerBound
    for next in segments.dropFirst()
    where self.segments[next].offset / sizes.block != self.segments[start].offset / sizes.block {
      blocks.append(start..<next)
      start = next
    }
    return blocks + [start..<segments.upperBound]
  }

  /// Puts neighbouring segments together until a piece is full.
  private mutating func gather() {
    var start = 0
    for next in segments.indices {
      let isFull =
        next > start
        && segments[next].offset / sizes.piece != segments[start].offset / sizes.piece
      // A gap is a range that nobody may write, such as metadata that is in the output already.
      let isApart =
        next > start
        && segments[next].offset != segments[next - 1].offset + segments[next - 1].length
      if isFull || isApart {
        pieces.append(.span(start..<next))
        start = next
      }
    }
    if start < segments.count { pieces.append(.span(start..<segments.count)) }
  }

  /// How many elements of a tensor stay together.
  ///
  /// A row for methods that want whole ones. Where a source is chunked it is whole bands, so that
  /// each chunk is inflated once; a band above `largestBand` is cut all the same, to bound memory at
  /// the price of inflating chunks again.
  private static func unit(_ target: Blueprint.Target, plan: MergePlan) -> Int {
    let size = target.elementType.byteCount ?? 1
    let row = plan.unit(of: target.tensor)
    let largestBand = 8 << 20
    guard case .merge(let merge) = plan.actions[target.tensor] else { return row }
    for operand in merge.operands {
      let tensor = plan.inputs[operand.input].tensors[operand.place]
      guard case .chunked(let grid) = tensor.storage else { continue }
      let band = roundedUp(grid.bandElementCount(shape: tensor.shape), toMultipleOf: row)
      return band * size > largestBand ? row : band
    }
    return row
  }
}

/// The next multiple of `unit`, which is at least 1.
private func roundedUp(_ count: Int, toMultipleOf unit: Int) -> Int {
  (count + unit - 1) / unit * unit
}

/// Where the values of a tensor lie.
public enum Storage: Sendable {
  /// One range of the file, elements in C order (last axis fastest).
  case contiguous(Extent)
  /// A grid of chunks, each stored apart and possibly filtered.
  case chunked(ChunkGrid)
  /// The bytes themselves: the format keeps small tensors among its metadata.
  case inline([UInt8])
  /// Never written: every element is this one (its bytes, in the tensor's byte order).
  case fill([UInt8])
  /// The values can't be read; the reason, worded to follow "tensor T: ".
  case unsupported(String)

  /// The word that reports use.
  public var label: String {
    switch self {
    case .contiguous: "contiguous"
    case .chunked: "chunked"
    case .inline: "compact"
    case .fill: "unallocated"
    case .unsupported: "unsupported"
    }
  }
}

/// A tensor that is cut into equal boxes, which are stored one by one.
///
/// Boxes at the upper edges are stored whole; what lies outside the tensor is ignored. A box that
/// isn't stored holds the fill element.
public struct ChunkGrid: Sendable {
  /// One stored box.
  public struct Chunk: Sendable {
    /// The range of the file that holds it.
    public let extent: Extent
    /// Bit i set: filter i of the pipeline was skipped when it was written.
    public let filterMask: UInt32

    /// A stored box.
    public init(extent: Extent, filterMask: UInt32) {
      self.extent = extent
      self.filterMask = filterMask
    }
  }

  /// The shape of a box; as many axes as the tensor, each at least 1.
  public let chunkShape: [Int]
  /// The number of boxes along each axis.
  public let gridShape: [Int]
  /// The stored boxes by their index in C order over `gridShape`.
  public private(set) var chunks: [Int: Chunk]
  /// The bytes of the element that boxes without storage hold.
  public let fillElement: [UInt8]
  /// The size of a box's elements together, in bytes.
  public let chunkByteCount: Int
  /// What turns stored bytes into a box's elements and back.
  public let pipeline: any ChunkPipeline

  /// A grid over a tensor of `shape`, or nil where the ranks differ or a size overflows.
  public init?(
    shape: [Int], chunkShape: [Int], elementSize: Int, chunks: [Int: Chunk], fillElement: [UInt8],
    pipeline: any ChunkPipeline
  ) {
    guard shape.count == chunkShape.count, !shape.isEmpty, chunkShape.allSatisfy({ $0 > 0 }),
      let bytes = checkedProduct(chunkShape + [elementSize]), fillElement.count == elementSize
    else { return nil }
    let grid = zip(shape, chunkShape).map { extent, chunk in
      extent / chunk + (extent % chunk == 0 ? 0 : 1)
    }
    guard checkedProduct(grid) != nil else { return nil }
    self.chunkShape = chunkShape
    self.gridShape = grid
    self.chunks = chunks
    self.fillElement = fillElement
    self.chunkByteCount = bytes
    self.pipeline = pipeline
  }
}

extension Storage {
  /// The same storage in a file that holds this one's from a position on; nil where it would end
  /// beyond what can be addressed.
  package func moved(by distance: Int) -> Storage? {
    switch self {
    case .contiguous(let extent): extent.moved(by: distance).map { .contiguous($0) }
    case .chunked(let grid): grid.moved(by: distance).map { .chunked($0) }
    case .inline, .fill, .unsupported: self
    }
  }
}

extension ChunkGrid {
  /// The same grid further behind; nil where it would end beyond what can be addressed.
  fileprivate func moved(by distance: Int) -> ChunkGrid? {
    var copy = self
    for (place, chunk) in chunks {
      guard let extent = chunk.extent.moved(by: distance) else { return nil }
      copy.chunks[place] = Chunk(extent: extent, filterMask: chunk.filterMask)
    }
    return copy
  }
}

/// The filters that a format applies to each chunk.
///
/// Formats bring their own; readers of tensors see only this.
public protocol ChunkPipeline: Sendable {
  /// The filters' names in the order in which they are applied when writing, for reports.
  var filterNames: [String] { get }

  /// Turns stored bytes into the elements of one chunk.
  ///
  /// - Parameters:
  ///   - stored: The bytes as they stand in the file.
  ///   - filterMask: Bit i set: filter i was skipped.
  ///   - output: The chunk's elements; its size is the most that a filter may produce.
  /// - Throws: ``ChunkError`` where a checksum differs or the bytes don't decode to exactly `output`.
  func decode(
    _ stored: [UInt8], filterMask: UInt32, into output: inout [UInt8]
  ) throws(ChunkError)

  /// Turns the elements of one chunk into the bytes to be stored, every filter applied.
  ///
  /// - Throws: ``ChunkError`` where a filter can only be read.
  func encode(_ elements: [UInt8]) throws(ChunkError) -> [UInt8]
}

/// What is wrong with a chunk, worded to follow "tensor T: chunk C: ".
public struct ChunkError: Error, Hashable {
  /// The fact, and what to do where something can be done.
  public let reason: String

  /// A chunk's fault.
  public init(_ reason: String) {
    self.reason = reason
  }
}

/// What a merge asks of the file that it writes.
public struct OutputRequest: Sendable {
  /// How the written tensors are stored.
  public enum Storage: Hashable, Sendable {
    /// Where the template has them if it stores each in one range, else in one range each.
    case contiguous
    /// With the template's chunks and filters.
    case keep
    /// In chunks, shuffled and deflated at a level from 1 to 9.
    case gzip(level: Int)
  }

  /// The element type of each tensor whose values the merge writes, by its place in the template.
  public var written: [Int: ElementType]
  /// Whether the optimizer's state is left out.
  public var dropsOptimizer: Bool
  /// How the written tensors are stored.
  public var storage: Storage
  /// Metadata to add to the template's.
  public var attributes: [Checkpoint.Attribute]
  /// Whether the output would be misread without its attributes: a task vector isn't a model.
  public var needsAttributes = false

  /// A request.
  public init(
    written: [Int: ElementType], dropsOptimizer: Bool, storage: Storage,
    attributes: [Checkpoint.Attribute]
  ) {
    self.written = written
    self.dropsOptimizer = dropsOptimizer
    self.storage = storage
    self.attributes = attributes
  }
}

/// A format's knowledge of how to lay out a file like a given one.
public protocol OutputLayouter: Sendable {
  /// Decides how an output is laid out; touches no file.
  ///
  /// - Parameters:
  ///   - request: What the merge asks.
  ///   - template: The checkpoint on which the output is modelled.
  /// - Returns: The layout.
  /// - Throws: ``CheckpointError`` where the format can't express the request.
  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout
}

/// An output's layout, decided but not yet made.
public protocol OutputLayout: Sendable {
  /// The size of the output in bytes, as far as it is known before it is made.
  var estimatedSize: Int { get }
  /// A phrase for the plan: "the template's bytes, 12 tensors replaced".
  var summary: String { get }
  /// What of the template the output doesn't hold as it is, in words; most hold everything.
  var notes: [String] { get }

  /// Makes everything of the output but the values of the written tensors.
  ///
  /// - Parameter output: The empty output.
  /// - Returns: Where the values go and which bytes still have to be copied.
  /// - Throws: ``CheckpointError`` of kind `output` where the disk is full, among others.
  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint

  /// Completes the output after the last value was written.
  ///
  /// - Parameter output: The output.
  /// - Throws: ``CheckpointError`` of kind `output`.
  func finish(_ output: StagedFile) throws(CheckpointError)
}

extension OutputLayout {
  /// Nothing.
  public var notes: [String] { [] }
}

/// A file as ranges to be copied and holes to be filled.
public struct Blueprint: Sendable {
  /// A tensor whose values are to be written.
  public struct Target: Sendable {
    /// Where its values go.
    public enum Place: Sendable {
      /// One range of the file.
      case contiguous(Extent)
      /// Chunks, filtered by the grid's pipeline and handed to the sink.
      case chunked(ChunkGrid, any ChunkSink)
    }

    /// The tensor's place in the template.
    public let tensor: Int
    /// The type in which values are written.
    public let elementType: ElementType
    /// The byte order in which values are written.
    public let byteOrder: ByteOrder
    /// Where the values go.
    public let place: Place

    /// A target.
    public init(tensor: Int, elementType: ElementType, byteOrder: ByteOrder, place: Place) {
      self.tensor = tensor
      self.elementType = elementType
      self.byteOrder = byteOrder
      self.place = place
    }
  }

  /// A range of the template that the output holds too.
  public struct Copy: Hashable, Sendable {
    /// The position of its first byte in the template.
    public let source: Int
    /// Its range of the output.
    public let target: Extent

    /// A range with its source.
    public init(source: Int, target: Extent) {
      self.source = source
      self.target = target
    }
  }

  /// What is copied from the template; the ranges of the output ascend.
  public let copies: [Copy]
  /// The tensors to be written; the contiguous ones ascend and overlap neither each other nor
  /// `copies`.
  public let targets: [Target]

  /// The bytes that are to be written.
  public var byteCount: Int {
    copies.reduce(0) { $0 + $1.target.length }
      + targets.reduce(0) { sum, target in
        switch target.place {
        case .contiguous(let extent): sum + extent.length
        case .chunked(let grid, _): sum + grid.gridShape.reduce(1, *) * grid.chunkByteCount
        }
      }
  }

  /// A blueprint.
  public init(copies: [Copy], targets: [Target]) {
    self.copies = copies
    self.targets = targets
  }

  /// A blueprint of a file that has what it copies where the template has it.
  public init(verbatim: [Extent], targets: [Target]) {
    self.init(
      copies: verbatim.map { Copy(source: $0.offset, target: $0) }, targets: targets)
  }
}

/// Takes filtered chunks, in any order and from any thread.
public protocol ChunkSink: Sendable {
  /// Stores one chunk.
  ///
  /// - Parameters:
  ///   - bytes: The chunk after all filters.
  ///   - origin: The chunk's place in the tensor, in elements along each axis.
  ///   - tensor: The tensor's place in the template.
  /// - Throws: ``CheckpointError`` of kind `output`.
  func store(_ bytes: [UInt8], at origin: [Int], tensor: Int) throws(CheckpointError)
}

import Checkpoints
import HDF5
import Synchronization
import Zip

/// Lays out `.keras` files like a given one: its other members as they are, its weights anew.
///
/// Metadata that a merge adds goes into the archive's comment, so that the weights' HDF5 needs no
/// room that it doesn't have.
struct KerasArchiveLayouter: OutputLayouter {
  private let members: KerasArchiveMembers
  private let inner: any OutputLayouter
  private let losesOptimizer: Bool

  /// A layouter for files of some members.
  ///
  /// - Parameters:
  ///   - members: The members.
  ///   - inner: The layouter of the weights.
  ///   - losesOptimizer: Whether that leaves the optimizer's state out.
  init(_ members: KerasArchiveMembers, inner: any OutputLayouter, losesOptimizer: Bool = false) {
    self.members = members
    self.inner = inner
    self.losesOptimizer = losesOptimizer
  }

  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    // Chunks would be stored by libhdf5 itself, which knows no archives.
    guard request.storage == .contiguous else {
      throw CheckpointError(
        .usage, subject: "--layout/--compress",
        fact: "the weights of .keras files are stored in one range each", remedy: "leave it out")
    }
    var bare = request
    bare.attributes = []
    let comment = ZipComment(members.comment).with(request.attributes).bytes
    if let inner = inner as? HDF5Layouter,
      let blueprint = inner.verbatimBlueprint(bare, template: template)
    {
      return KerasArchiveLayout(
        members, .inPlace(blueprint, size: template.file.size), comment: comment)
    }
    let lost =
      losesOptimizer && !request.dropsOptimizer
      ? template.tensors.count { $0.role == .optimizer } : 0
    return KerasArchiveLayout(
      members, .rebuilt(try inner.layout(bare, template: template)), comment: comment,
      notes: lost == 0
        ? []
        : ["the optimizer's \(lost) tensors are left out: .keras files have them in another order"])
  }
}

/// The members of a `.keras` file that is to be written.
struct KerasArchiveMembers: Sendable {
  /// A member.
  enum Member: Sendable {
    /// One of another archive, as it is stored there.
    case copy(ZipEntry)
    /// A new one.
    case text(TensorName, [UInt8])
    /// The weights, like those of a template.
    case weights(like: ZipEntry?)
  }

  /// The file that the copied ones come from.
  let file: InputFile
  /// The members in their order.
  let list: [Member]
  /// The text at the end of the archive.
  let comment: [UInt8]

  /// Those of an archive.
  init(of archive: ZipArchive) {
    file = archive.file
    list = archive.entries.map {
      $0.name == KerasArchiveFormat.weights ? .weights(like: $0) : .copy($0)
    }
    comment = archive.comment
  }

  /// New ones around the weights of a file.
  init(_ texts: [(name: String, text: [UInt8])], around file: InputFile) {
    self.file = file
    list = texts.map { .text(TensorName($0.name), $0.text) } + [.weights(like: nil)]
    comment = []
  }

  /// The size of what isn't weights, with some for headers.
  var sizeOfOthers: Int {
    list.reduce(0) { sum, member in
      switch member {
      case .copy(let entry): sum + entry.extent.length
      case .text(_, let bytes): sum + bytes.count + 128
      case .weights: sum + 128
      }
    }
  }
}

/// The layout of one `.keras` file.
final class KerasArchiveLayout: OutputLayout {
  /// How the weights' HDF5 is made.
  enum Weights: Sendable {
    /// The template's bytes with holes.
    case inPlace(Blueprint, size: Int)
    /// A new file by libhdf5.
    case rebuilt(any OutputLayout)
  }

  private let members: KerasArchiveMembers
  private let weights: Weights
  private let comment: [UInt8]
  let notes: [String]
  /// Decided when the size of the weights is known.
  private let layout = Mutex<ZipLayout?>(nil)

  init(
    _ members: KerasArchiveMembers, _ weights: Weights, comment: [UInt8], notes: [String] = []
  ) {
    self.members = members
    self.weights = weights
    self.comment = comment
    self.notes = notes
  }

  var estimatedSize: Int {
    let size =
      switch weights {
      case .inPlace(_, let size): size
      case .rebuilt(let layout): layout.estimatedSize
      }
    return size + members.sizeOfOthers
  }

  var summary: String {
    let how =
      switch weights {
      case .inPlace(let blueprint, _): "\(blueprint.targets.count) tensors of its weights replaced"
      case .rebuilt(let layout): "its weights \(layout.summary)"
      }
    return "the members of \(members.file.name), \(how)"
  }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    switch weights {
    case .inPlace(let blueprint, let size):
      return blueprint.moved(by: try prepareArchive(output, weightsSize: size))
    case .rebuilt(let layout):
      // libhdf5 lays out a file, not a part of one: it gets a file of its own, whose metadata and
      // copied values then move into the archive.
      let scratch = try output.scratch()
      let blueprint = try layout.prepare(scratch)
      try layout.finish(scratch)
      let file = try scratch.reopened()
      let offset = try prepareArchive(output, weightsSize: file.size)
      for gap in blueprint.gaps(in: file.size) {
        try output.copy(gap, of: file, to: offset + gap.offset)
      }
      return blueprint.moved(by: offset)
    }
  }

  /// Writes all members but the weights; gives the position of the weights.
  private func prepareArchive(
    _ output: StagedFile, weightsSize: Int
  ) throws(CheckpointError) -> Int {
    var weightsPlace = 0
    let all = members.list.enumerated().map { place, member in
      switch member {
      case .copy(let entry): return ZipMember(copying: entry)
      case .text(let name, let bytes): return ZipMember(name, head: bytes, length: 0)
      case .weights(let template):
        weightsPlace = place
        return ZipMember(KerasArchiveFormat.weights, length: weightsSize, like: template)
      }
    }
    let zip = try ZipLayout(all, comment: comment, file: members.file.name)
    try zip.prepare(output)
    for copy in zip.copies {
      guard let source = Extent(offset: copy.source, length: copy.target.length) else { continue }
      try output.copy(source, of: members.file, to: copy.target.offset)
    }
    layout.withLock { $0 = zip }
    return zip.data[weightsPlace].offset
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    try layout.withLock { $0 }?.finish(output)
  }
}

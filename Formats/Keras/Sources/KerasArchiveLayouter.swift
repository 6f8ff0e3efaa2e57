import Checkpoints
import HDF5
import Synchronization
import Zip

/// Lays out `.keras` files like a given one: its other members as they are, its weights anew.
///
/// Metadata that a merge adds goes into the archive's comment, so that the weights' HDF5 needs no
/// room that it doesn't have.
struct KerasArchiveLayouter: OutputLayouter {
  private let archive: ZipArchive
  private let inner: HDF5Layouter

  /// A layouter for files like one.
  ///
  /// - Parameters:
  ///   - archive: The template.
  ///   - inner: The layouter of its weights.
  init(_ archive: ZipArchive, inner: HDF5Layouter) {
    self.archive = archive
    self.inner = inner
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
    let comment = ZipComment(archive.comment).with(request.attributes).bytes
    if let blueprint = inner.verbatimBlueprint(bare, template: template) {
      return KerasArchiveLayout(
        archive, .inPlace(blueprint, size: template.file.size), comment: comment)
    }
    return KerasArchiveLayout(
      archive, .rebuilt(try inner.layout(bare, template: template)), comment: comment)
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

  private let archive: ZipArchive
  private let weights: Weights
  private let comment: [UInt8]
  /// Decided when the size of the weights is known.
  private let layout = Mutex<ZipLayout?>(nil)

  init(_ archive: ZipArchive, _ weights: Weights, comment: [UInt8]) {
    self.archive = archive
    self.weights = weights
    self.comment = comment
  }

  var estimatedSize: Int {
    let size =
      switch weights {
      case .inPlace(_, let size): size
      case .rebuilt(let layout): layout.estimatedSize
      }
    let others = archive.entries.filter { $0.name != KerasArchiveFormat.weights }
    return others.reduce(size) { $0 + $1.extent.length }
  }

  var summary: String {
    let how =
      switch weights {
      case .inPlace(let blueprint, _): "\(blueprint.targets.count) tensors of its weights replaced"
      case .rebuilt(let layout): "its weights \(layout.summary)"
      }
    return "the members of \(archive.file.name), \(how)"
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
    let members = archive.entries.map { entry in
      entry.name == KerasArchiveFormat.weights
        ? ZipMember(entry.name, length: weightsSize, stamp: entry.stamp) : ZipMember(copying: entry)
    }
    let zip = try ZipLayout(members, comment: comment, file: archive.file.name)
    try zip.prepare(output)
    for copy in zip.copies {
      guard let source = Extent(offset: copy.source, length: copy.target.length) else { continue }
      try output.copy(source, of: archive.file, to: copy.target.offset)
    }
    layout.withLock { $0 = zip }
    let place = members.firstIndex { $0.name == KerasArchiveFormat.weights } ?? 0
    return zip.data[place].offset
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    try layout.withLock { $0 }?.finish(output)
  }
}

public import Checkpoints
import Zip

/// A `.npz` file: a zip archive of arrays.
///
/// Stored arrays are read where they lie. Deflated ones, and those in Fortran order, are put into a
/// temporary file when they are first read.
public struct ArchiveFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// NumPy's name for the format.
  public var name: String { "npz" }

  /// Whether the file is a zip archive with arrays and without what marks other formats of zip.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard try ZipArchive.recognises(file), let archive = try? ZipArchive(file) else {
      return false
    }
    return archive.entries.contains(where: ArchiveMember.isArray)
      && archive[TensorName("config.json")] == nil
  }

  /// Reads the directory and the headers of the arrays.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let archive = try ZipArchive(file)
    let spool = Spool(purpose: "hold inflated arrays of \(file.name)")
    var whole = file
    var tensors: [Tensor] = []
    var members: [Int] = []
    var checks: [any ContentCheck] = []
    for (index, entry) in archive.entries.enumerated() where ArchiveMember.isArray(entry) {
      let member = try ArchiveMember(entry, of: archive, spool: spool)
      var offset = entry.data.offset + member.header.length
      if let data = member.data {
        if member.header.isFortranOrder {
          let range = ArrayTensor.reordered(member.header, in: data, at: 0, spool: spool)
          offset = whole.size
          whole = whole.joined(with: range, size: range.length)
        } else if entry.method != .stored {
          offset = whole.size
          whole = whole.joined(with: [data])
        }
      }
      guard let data = Extent(offset: offset, length: member.header.dataSize),
        let tensor = ArrayTensor.make(member.name, member.header, data: data)
      else { throw .zip(file, entry.name, "declares more elements than can be addressed") }
      tensors.append(tensor)
      members.append(index)
      if entry.method == .stored {
        checks.append(MemberCheck(entry, in: file, tensor: tensor.name))
      }
    }
    return Checkpoint(
      file: whole, format: name, tensors: tensors,
      attributes: ZipComment(archive.comment).attributes, checks: checks,
      layouter: ArchiveLayouter(archive, members: members))
  }
}

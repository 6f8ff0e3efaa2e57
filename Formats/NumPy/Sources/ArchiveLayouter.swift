import Checkpoints
import Zip

/// Lays out archives like a given one: written arrays anew and stored, everything else as it was.
struct ArchiveLayouter: OutputLayouter {
  private let archive: ZipArchive
  /// The members of the tensors, by the tensors' places.
  private let members: [Int]

  /// A layouter for archives like one.
  ///
  /// - Parameters:
  ///   - archive: The template.
  ///   - members: The indices of the tensors' members, by the tensors' places.
  init(_ archive: ZipArchive, members: [Int]) {
    self.archive = archive
    self.members = members
  }

  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    try NumPyTypes.refuseCompression(request)
    var places: [Int: Int] = [:]
    for place in request.written.keys { places[members[place]] = place }
    let optimizer = Set(
      members.indices.filter { template.tensors[$0].role == .optimizer }.map { members[$0] })
    var written: [ZipMember] = []
    var tensors: [Int?] = []
    for (index, entry) in archive.entries.enumerated() {
      if request.dropsOptimizer, optimizer.contains(index) { continue }
      guard let place = places[index], let type = request.written[place] else {
        written.append(ZipMember(copying: entry))
        tensors.append(nil)
        continue
      }
      let tensor = template.tensors[place]
      let text = try NumPyTypes.typeString(type, tensor, template.file.name)
      let head = ArrayHeader.bytes(typeString: text, shape: tensor.shape)
      let length = tensor.elementCount * (type.byteCount ?? 0)
      written.append(
        ZipMember(entry.name, head: head, length: length, like: entry))
      tensors.append(place)
    }
    let comment = ZipComment(archive.comment).with(request.attributes).bytes
    let layout = try ZipLayout(written, comment: comment, file: template.file.name)
    return ArchiveLayout(layout, tensors: tensors, request: request, template: template)
  }
}

/// The layout of one archive.
struct ArchiveLayout: OutputLayout {
  private let layout: ZipLayout
  /// The tensor of each member that is written.
  private let tensors: [Int?]
  private let request: OutputRequest
  private let template: Checkpoint

  init(_ layout: ZipLayout, tensors: [Int?], request: OutputRequest, template: Checkpoint) {
    self.layout = layout
    self.tensors = tensors
    self.request = request
    self.template = template
  }

  var estimatedSize: Int { layout.size }

  var summary: String {
    "an archive with the members of \(template.file.name), \(request.written.count) arrays stored"
  }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    try layout.prepare(output)
    let targets = zip(tensors, layout.data).compactMap { place, extent -> Blueprint.Target? in
      guard let place, let type = request.written[place] else { return nil }
      return Blueprint.Target(
        tensor: place, elementType: type, byteOrder: template.tensors[place].byteOrder,
        place: .contiguous(extent))
    }
    return Blueprint(copies: layout.copies, targets: targets)
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    try layout.finish(output)
  }
}

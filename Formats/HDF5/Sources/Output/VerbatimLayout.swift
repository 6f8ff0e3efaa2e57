import Checkpoints

/// The template's bytes with new values in the tensors' places.
///
/// Every attribute, link, order and user block survives because nobody touches it. The attributes
/// that a merge adds go in at the very end: the root group's header grows, no data set moves. Without them the output differs from the template in values only.
struct VerbatimLayout: OutputLayout {
  private let template: Checkpoint
  private let tree: HDF5Tree
  private let request: OutputRequest

  init(template: Checkpoint, tree: HDF5Tree, request: OutputRequest) {
    self.template = template
    self.tree = tree
    self.request = request
  }

  var estimatedSize: Int { template.file.size }

  var summary: String {
    "the bytes of \(template.file.name) with the values of \(request.written.count) tensors replaced"
  }

  func prepare(_ output: StagedFile) throws(CheckpointError) -> Blueprint {
    try output.reserve(template.file.size)
    return VerbatimLayout.blueprint(request, template: template)
  }

  /// The template's bytes but for the tensors that are written.
  static func blueprint(_ request: OutputRequest, template: Checkpoint) -> Blueprint {
    var targets: [(extent: Extent, target: Blueprint.Target)] = []
    for (place, type) in request.written {
      let tensor = template.tensors[place]
      guard case .contiguous(let extent) = tensor.storage else { continue }
      targets.append(
        (
          extent,
          Blueprint.Target(
            tensor: place, elementType: type, byteOrder: tensor.byteOrder,
            place: .contiguous(extent))
        ))
    }
    targets.sort { $0.extent.offset < $1.extent.offset }
    var verbatim: [Extent] = []
    var position = 0
    let file = Extent(offset: template.file.size, length: 0)
    for extent in targets.map(\.extent) + [file].compactMap(\.self) {
      if let gap = Extent(offset: position, length: extent.offset - position), gap.length > 0 {
        verbatim.append(gap)
      }
      position = extent.end
    }
    return Blueprint(verbatim: verbatim, targets: targets.map(\.target))
  }

  func finish(_ output: StagedFile) throws(CheckpointError) {
    guard !request.attributes.isEmpty else { return }
    try HDF5Layout.addRootAttributes(request.attributes, to: output, checking: tree)
  }
}

package import Checkpoints

/// Writes the metadata of HDF5 outputs; the values follow by plain writes at the surveyed ranges.
package enum HDF5Layout {
  /// How a data set of a new layout differs from its template.
  package struct Replacement: Hashable, Sendable {
    /// How its elements are stored.
    package enum Storage: Hashable, Sendable {
      /// One range, allocated at once and not filled.
      case contiguous
      /// The template's chunks and filters; one range where the template has no chunks.
      case keep
      /// New chunks of about 1 MiB, shuffled and deflated at a level of 1...9.
      case gzip(level: Int)
    }

    /// The new element type, stored little-endian.
    package let elementType: ElementType
    /// How its elements are stored.
    package let storage: Storage

    /// A replacement.
    package init(elementType: ElementType, storage: Storage) {
      self.elementType = elementType
      self.storage = storage
    }
  }

  /// What a new layout changes; everything else is like the template.
  package struct Request: Sendable {
    /// The data sets whose values will be written, by their index in the template's tree.
    package var replacements: [Int: Replacement]
    /// Paths of groups and data sets to leave out, with all that lies below.
    package var dropped: [TensorName]
    /// Texts to add to the root group; an attribute of the same name is replaced.
    package var attributes: [Checkpoint.Attribute]

    /// A request.
    package init(
      replacements: [Int: Replacement] = [:], dropped: [TensorName] = [],
      attributes: [Checkpoint.Attribute] = []
    ) {
      self.replacements = replacements
      self.dropped = dropped
      self.attributes = attributes
    }
  }

  /// Builds a new file with a template's tree: groups, links, attributes, order, user block.
  ///
  /// Data sets that aren't replaced are copied with their values.
  ///
  /// - Parameters:
  ///   - template: The file on which the output is modelled.
  ///   - tree: The template's tree.
  ///   - output: The output; its content is lost.
  ///   - request: What differs.
  /// - Returns: The tree of the output, surveyed after it was closed.
  /// - Throws: ``CheckpointError`` where the template holds references to objects, whose addresses
  ///   would go stale, or of kind `output` where the file can't be written.
  package static func relayOut(
    template: InputFile, tree: HDF5Tree, to output: StagedFile, _ request: Request
  ) throws(CheckpointError) -> HDF5Tree {
    try refuseReferences(in: tree, of: template.name, except: request.dropped)
    var wire = WireWriter()
    LayoutMessage(request, tree: tree).write(to: &wire)
    let answer = try template.withDescriptor { (descriptor) throws(CheckpointError) in
      try WorkerProcess.answer(
        to: wire.bytes, mode: .layout, descriptors: [descriptor, output.descriptor],
        file: output.destination.name)
    }
    let result = try outputTree(answer, of: output, userBlock: tree.userBlockSize)
    if tree.userBlockSize > 0, let extent = Extent(offset: 0, length: tree.userBlockSize) {
      let block = try template.bytes(extent)
      if let fault = unsafe writeAll(block.span.bytes, to: output.descriptor, at: 0) {
        throw CheckpointError(
          .output, file: output.destination.name, fact: "can't be written: \(fault.message)")
      }
    }
    return result
  }
}

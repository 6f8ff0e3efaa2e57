import Architectures
package import Checkpoints
import HDF5

/// `.keras` archives made of other files of Keras's: of weights with a configuration, or of legacy models.
package enum KerasArchive {
  /// A layouter for archives that hold a checkpoint's weights.
  ///
  /// A legacy file's optimizer has other variables in other places, so it is left out.
  ///
  /// - Parameters:
  ///   - checkpoint: The weights.
  ///   - architecture: The model's configuration and the name of its file, where the weights have none.
  /// - Returns: The layouter.
  /// - Throws: ``CheckpointError`` where nothing holds a configuration, it isn't understood, or the places
  ///   of the weights aren't known.
  package static func layouter(
    for checkpoint: Checkpoint, _ architecture: (file: String, text: String)?
  ) throws(CheckpointError) -> any OutputLayouter {
    let own = checkpoint.attribute("model_config").map { (checkpoint.file.name, $0) }
    guard let layout = WeightsLayout(checkpoint) else {
      throw CheckpointError(
        .usage, file: checkpoint.file.name,
        fact: "a .keras file can't be made of a \(checkpoint.format) file",
        remedy: "name a .keras file as the first source: it gives the configuration")
    }
    guard let (file, text) = own ?? architecture else {
      throw CheckpointError(
        .usage, file: checkpoint.file.name,
        fact: "holds weights without the network's configuration, which a .keras file needs",
        remedy: "give it with --architecture CONFIG.json, as model.to_json() writes it")
    }
    let version = checkpoint.attribute("keras_version")
    let configuration = try ArchiveConfiguration(text, file: file)
    let metadata =
      checkpoint.attribute("metadata")
      ?? "{\"keras_version\": \"\(plain(version ?? "3.0.0"))\", \"date_saved\": \"1980-01-01@00:00:00\"}"
    let members = KerasArchiveMembers(
      [("metadata.json", Array(metadata.utf8)), ("config.json", configuration.bytes)],
      around: checkpoint.file)
    switch layout {
    case .store:
      return KerasArchiveLayouter(members, inner: checkpoint.layouter)
    case .legacy(let group):
      let graph = try ModelGraph(kerasConfiguration: text, file: file, version: version)
      let found = try StorePaths(checkpoint, below: group, graph)
      let groups = found.groups.map { group in
        NewHDF5Group(
          group.path, attributes: [Checkpoint.Attribute(name: "name", value: group.layer)])
      }
      let paths = found.paths
      let writer = ConvertingLayouter(
        HDF5Writer(groups: groups), rename: { paths[$0] ?? $0 }, leavesOut: { paths[$0] == nil })
      return KerasArchiveLayouter(
        members, inner: BareLayouter(inner: writer), losesOptimizer: true)
    }
  }

  /// A version as it may stand in a text of JSON.
  private static func plain(_ version: String) -> String {
    String(version.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") })
  }
}

/// Leaves out the template's own metadata: in an archive it has its place beside the weights.
private struct BareLayouter: OutputLayouter {
  let inner: any OutputLayouter

  func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    try inner.layout(request, template: template.withoutAttributes)
  }
}

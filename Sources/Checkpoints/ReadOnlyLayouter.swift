/// Says that a format is read and never written.
package struct ReadOnlyLayouter: OutputLayouter {
  private let format: String

  /// A layouter of a format that is only read.
  package init(format: String) {
    self.format = format
  }

  package func layout(
    _ request: OutputRequest, template: Checkpoint
  ) throws(CheckpointError) -> any OutputLayout {
    throw .unusable(
      template.file.name, "is a \(format) file, a format that is read but not written",
      remedy: "name an output that ends in .safetensors, .h5 or .npz")
  }
}

public import Checkpoints
import HDF5

/// HDF5 files of tensors: those that Keras writes, and any other tree.
public struct KerasFormat: CheckpointFormat {
  /// The format.
  public init() {}

  /// HDF5: Keras's layouts are told apart when a file is open.
  public var name: String { "HDF5" }

  /// Whether the file begins as HDF5 files do, behind a user block or not.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    try HDF5Tree.recognises(file)
  }

  /// Surveys the file and gives its tensors the order, the layers and the roles that Keras's lists
  /// and names tell.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let survey = try KerasSurvey(file)
    return Checkpoint(
      file: file, format: survey.kind.rawValue, tensors: survey.tensors,
      attributes: survey.attributes, inconsistencies: survey.inconsistencies,
      layouter: HDF5Layouter(survey.tree))
  }
}

/// A file of named tensors, surveyed: everything but the values is known.
public struct Checkpoint: Sendable {
  /// A piece of metadata: an attribute of the root or of a tensor, or the like.
  public struct Attribute: Hashable, Sendable {
    /// The attribute's name.
    public let name: String
    /// Its value as text; several texts or numbers are separated by ", ".
    public let value: String

    /// An attribute.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The file.
  public let file: InputFile
  /// The name of the format, such as "keras-legacy".
  public let format: String
  /// The tensors in the order in which the format lists them (layers first to last for Keras).
  public let tensors: [Tensor]
  /// The metadata of the file as a whole.
  public let attributes: [Attribute]
  /// What the format's own rules find wrong although the tensors can be read, for `verify`.
  public let inconsistencies: [String]
  /// What only `verify` looks at, such as checksums of what is read without them.
  public let checks: [any ContentCheck]
  /// How an output modelled on this checkpoint is laid out.
  public let layouter: any OutputLayouter

  private let indexByName: [TensorName: Int]

  /// A surveyed file.
  public init(
    file: InputFile, format: String, tensors: [Tensor], attributes: [Attribute],
    inconsistencies: [String] = [], checks: [any ContentCheck] = [],
    layouter: any OutputLayouter
  ) {
    self.file = file
    self.format = format
    self.tensors = tensors
    self.attributes = attributes
    self.inconsistencies = inconsistencies
    self.checks = checks
    self.layouter = layouter
    var index: [TensorName: Int] = [:]
    index.reserveCapacity(tensors.count)
    for (place, tensor) in tensors.enumerated() {
      index[tensor.name] = place
      for alias in tensor.aliases { index[alias] = place }
    }
    self.indexByName = index
  }

  /// The same checkpoint with more metadata, which was found beside the file.
  package func adding(_ more: [Attribute]) -> Checkpoint {
    Checkpoint(
      file: file, format: format, tensors: tensors, attributes: attributes + more,
      inconsistencies: inconsistencies, checks: checks, layouter: layouter)
  }

  /// The same checkpoint with its tensors described otherwise; not one on which an output is modelled.
  package func holding(_ tensors: [Tensor]) -> Checkpoint {
    Checkpoint(
      file: file, format: format, tensors: tensors, attributes: attributes,
      inconsistencies: inconsistencies, checks: checks, layouter: layouter)
  }

  /// The same checkpoint without metadata.
  package var withoutAttributes: Checkpoint {
    Checkpoint(
      file: file, format: format, tensors: tensors, attributes: [],
      inconsistencies: inconsistencies, checks: checks, layouter: layouter)
  }

  /// The place in `tensors` of the tensor with a name or alias, or nil.
  public func index(of name: TensorName) -> Int? { indexByName[name] }

  /// The value of a metadata attribute, or nil.
  public func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name }?.value
  }
}

/// A part of a file that can be checked as a whole, apart from its tensors' values.
public protocol ContentCheck: Sendable {
  /// The tensor at fault where the check fails, if it is one.
  var tensor: TensorName? { get }

  /// Checks.
  ///
  /// - Parameter threads: The most threads to use.
  /// - Returns: What is wrong, worded to follow "tensor T: "; nil where all is well.
  /// - Throws: ``CheckpointError`` where the file can't be read.
  func fault(threads: Int) throws(CheckpointError) -> String?
}

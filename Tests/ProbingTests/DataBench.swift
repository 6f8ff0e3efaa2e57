import Checkpoints
import FormatRegistry
import FoundationEssentials
import TestSupport

@testable import Probing

/// Makes data set files for tests.
struct DataBench {
  private let folder: TemporaryFolder

  init() throws {
    SurveyWorker.useBuiltProgram()
    folder = try TemporaryFolder()
  }

  /// A file of tensors with attributes at the root.
  func file(
    _ tensors: [FlatTensor], _ attributes: [String: String] = [:], name: String = "data"
  ) throws -> Checkpoint {
    try FlatFile.make(
      tensors, at: folder.file(name),
      attributes: attributes.map { Checkpoint.Attribute(name: $0.key, value: $0.value) })
  }

  /// Samples counted from 0 by their values, in the given shape.
  static func ramp(
    _ name: String, _ shape: [Int], type: ElementType = .float32, order: ByteOrder = .little,
    placement: FlatTensor.Placement = .contiguous
  ) -> FlatTensor {
    FlatTensor(
      name, (0..<shape.reduce(1, *)).map { Double($0 % 100) }, type: type, shape: shape,
      order: order, placement: placement)
  }

  /// A file that h5py wrote.
  static func vector(_ name: String) throws -> Checkpoint {
    SurveyWorker.useBuiltProgram()
    return try CheckpointFormats.open("\(vectors)/\(name).h5")
  }

  /// What NumPy says of such a file.
  static func expectation(_ name: String) throws -> Expectation {
    let bytes = try Data(contentsOf: URL(filePath: "\(vectors)/\(name).json"))
    return try JSONDecoder().decode(Expectation.self, from: bytes)
  }

  private static let vectors = Repository.root + "/Formats/HDF5/Vectors/datasets"

  struct Expectation: Decodable {
    let inputs: [[Float]]
    let classes: [Int]?
    let mask: [Bool]?
    let targets: [Float]?
  }
}

extension Dataset {
  /// All batches of a size, joined.
  func everything(batch: Int) throws -> (inputs: [[Float]], classes: [Int], targets: [Float]) {
    var reader = makeReader()
    var inputs = [[Float]](repeating: [], count: inputShapes.count)
    var classes: [Int] = []
    var targets: [Float] = []
    for start in stride(from: 0, to: count, by: batch) {
      let part = try reader.read(start..<min(start + batch, count))
      for place in inputs.indices { inputs[place] += part.inputs[place] }
      switch part.labels {
      case .classes(let numbers): classes += numbers
      case .targets(let values, _): targets += values
      case nil: break
      }
    }
    return (inputs, classes, targets)
  }
}

import Checkpoints
import FormatRegistry
import HDF5
import Merging
import NumPy
import Safetensors
import TestSupport
import Testing

/// Every file in every format that can hold it: the same tensors with the same values.
struct ConversionTests {
  static let writers: [String] = ["h5", "safetensors", "npz"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    SurveyWorker.useBuiltProgram()
  }

  private func writer(_ name: String) throws -> any CheckpointWriter {
    try #require(OutputFormats.Family(path: "x.\(name)")?.writer)
  }

  /// What a format can't hold: it must be named, and is left out here.
  private func isStrange(_ tensor: Tensor, to format: String) -> Bool {
    if case .unsupported = tensor.storage { return true }
    switch tensor.elementType {
    case .compound, .packed, .string: return true
    case .opaque: return format == "safetensors"
    case .complex128: return format == "safetensors"
    case .bfloat16, .float8E4M3, .float8E5M2: return format == "npz"
    default: return false
    }
  }

  @Test(arguments: Vectors.files, writers)
  func valuesSurvive(name: String, format: String) throws {
    let source = try Vectors.open(name)
    let strange = Set(source.tensors.filter { isStrange($0, to: format) }.map(\.name))
    let writer = try writer(format)
    if let first = source.tensors.first(where: { strange.contains($0.name) }) {
      let error = #expect(throws: CheckpointError.self) {
        _ = try Conversion(
          source, layouter: ConvertingLayouter(writer), elementType: nil, dropsOptimizer: false,
          storage: .contiguous)
      }
      #expect(error?.kind == .unusable && error?.subject != nil, "\(first.name)")
    }
    let conversion = try Conversion(
      source, layouter: ConvertingLayouter(writer, leavesOut: { strange.contains($0) }),
      elementType: nil, dropsOptimizer: false, storage: .contiguous)
    let path = folder.file("out.\(format)")
    let summary = try conversion.run(
      to: .file(path), replacing: true, threads: 2, durably: false)
    #expect(summary.losses.isEmpty)
    let kept = source.tensors.filter { !strange.contains($0.name) }
    // An archive of nothing isn't recognised as one of arrays.
    if kept.isEmpty { return }
    let result = try CheckpointFormats.open(path)
    let names = kept.flatMap { [$0.name] + $0.aliases }
    #expect(Set(result.tensors.flatMap { [$0.name] + $0.aliases }) == Set(names))
    for tensor in kept {
      let place = try #require(result.index(of: tensor.name))
      let found = result.tensors[place]
      #expect(found.shape == tensor.shape && found.elementType == tensor.elementType)
      var scratch = ChunkScratch()
      let elements = 0..<tensor.elementCount
      #expect(
        try result.littleEndianBytes(of: found, elements, scratch: &scratch)
          == source.littleEndianBytes(of: tensor, elements, scratch: &scratch), "\(tensor.name)")
    }
    if format == "h5" {
      #expect(result.tensors.count == kept.count)
    } else {
      #expect(result.tensors.count == names.count)
    }
  }

  @Test func lossesAreCounted() throws {
    let source = try FlatFile.make(
      [FlatTensor("w", [1, 1e6, -1e6, 1e-9, 0, .infinity])], at: folder.file("a"))
    let conversion = try Conversion(
      source, layouter: ConvertingLayouter(NumPy.ArchiveWriter()), elementType: .float16,
      dropsOptimizer: false, storage: .contiguous)
    let summary = try conversion.run(
      to: .file(folder.file("a.npz")), replacing: false, threads: 1, durably: false)
    #expect(summary.losses[TensorName("w")] == Conversion.Losses(overflows: 2, underflows: 1))
  }

  @Test func namesThatMakeNoTreeAreNamed() throws {
    for names in [["a", "a/b"], ["a//b"], ["/a"], ["a/"], ["."], ["a/./b"]] {
      let source = try FlatFile.make(
        names.map { FlatTensor($0, [1]) }, at: folder.file("flat"))
      let error = #expect(throws: CheckpointError.self) {
        _ = try Conversion(
          source, layouter: ConvertingLayouter(HDF5Writer()), elementType: nil,
          dropsOptimizer: false, storage: .contiguous)
      }
      #expect(error?.remedy?.contains("--rename") == true, "\(names)")
    }
  }

  @Test func tensorsCanNotTakeOneName() throws {
    let source = try FlatFile.make(
      [FlatTensor("a", [1]), FlatTensor("b", [2])], at: folder.file("flat"))
    let error = #expect(throws: CheckpointError.self) {
      _ = try Conversion(
        source, layouter: ConvertingLayouter(SafetensorsWriter(), rename: { _ in TensorName("c") }),
        elementType: nil, dropsOptimizer: false, storage: .contiguous)
    }
    #expect(error?.fact.contains("which a has") == true)
  }
}

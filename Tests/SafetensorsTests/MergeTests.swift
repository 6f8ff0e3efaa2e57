import Checkpoints
import FormatRegistry
import Merging
import TestSupport
import Testing

@testable import Safetensors

/// Merges of safetensors files: values, what is only copied, metadata, and the same bytes each time.
struct MergeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func merge(
    _ inputs: [Checkpoint], to name: String = "out.safetensors",
    _ change: (inout MergeRecipe) -> Void = { _ in }
  ) throws -> Checkpoint {
    var recipe = MergeRecipe(
      .soup(weights: nil, normalize: true), sources: inputs.map(\.file.name))
    change(&recipe)
    let plan = try MergePlan(recipe, inputs: inputs, version: "1.2.3")
    var options = MergeExecutor.Options(threads: 2)
    options.isDurable = false
    options.replacesExisting = true
    _ = try MergeExecutor(plan, options: options).run(to: .file(folder.file(name)))
    return try CheckpointFormats.open(folder.file(name))
  }

  private func vector(_ name: String) throws -> Checkpoint {
    try Vectors.open("Safetensors/Vectors/\(name).safetensors")
  }

  @Test(arguments: ["model", "types", "unaligned"])
  func theMeanOfAFileWithItselfHasItsValues(name: String) throws {
    let source = try vector(name)
    let merged = try merge([source, source, source]) { $0.nonFinite = .allow }
    #expect(merged.tensors.map(\.name) == source.tensors.map(\.name))
    for tensor in source.tensors {
      if case .unsupported = tensor.storage { continue }
      let name = tensor.name.text
      // NaN keeps being NaN, not its bits.
      if name.hasPrefix("every.") { continue }
      #expect(
        try FlatFile.bytes(of: name, in: merged) == FlatFile.bytes(of: name, in: source), "\(name)")
    }
    for attribute in source.attributes {
      #expect(merged.attribute(attribute.name) == attribute.value)
    }
    #expect(merged.attribute("ctl_merge") != nil)
  }

  @Test func whatCanNotBeReadIsCopied() throws {
    let source = try vector("types")
    let merged = try merge([source, source]) { $0.nonFinite = .allow }
    let before = try range("t.F4", in: source)
    let after = try range("t.F4", in: merged)
    #expect(try merged.file.bytes(after) == source.file.bytes(before))
  }

  @Test func theSameInputsGiveTheSameBytes() throws {
    let source = try vector("model")
    let first = try FlatFile.bytes(of: try merge([source, source], to: "1.safetensors").file)
    let second = try FlatFile.bytes(of: try merge([source, source], to: "2.safetensors").file)
    #expect(first == second)
  }

  @Test(arguments: [ElementType.float16, .bfloat16, .float64])
  func anotherTypeMovesEverything(type: ElementType) throws {
    let source = try vector("unaligned")
    let merged = try merge([source, source]) { $0.elementType = type }
    for tensor in source.tensors {
      let name = tensor.name.text
      let found = merged.tensors[try #require(merged.index(of: tensor.name))]
      guard tensor.isMergeable, tensor.elementCount > 0 else {
        #expect(
          try FlatFile.bytes(of: name, in: merged) == FlatFile.bytes(of: name, in: source))
        continue
      }
      #expect(found.elementType == type && found.shape == tensor.shape)
      let values = ElementBytes.decode(
        try FlatFile.bytes(of: name, in: source), as: tensor.elementType)
      #expect(try FlatFile.bytes(of: name, in: merged) == ElementBytes.encode(values, as: type))
    }
  }

  @Test func compressionIsRefused() throws {
    let source = try vector("model")
    let error = #expect(throws: CheckpointError.self) {
      try merge([source, source]) { $0.storage = .gzip(level: 4) }
    }
    #expect(error?.kind == .usage)
  }
}

/// Where a tensor that isn't read lies, from the header's own words.
func range(_ name: String, in checkpoint: Checkpoint) throws -> Extent {
  try #require(
    try SafetensorsFormat.header(of: checkpoint.file).entries
      .first { $0.name == TensorName(name) }?.extent)
}

import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// Adapters as PEFT writes them, applied to a base.
struct AdapterTests {
  private let workshop: Workshop

  init() throws {
    workshop = try Workshop()
  }

  private func configuration(_ text: String) throws -> AdapterConfiguration {
    try AdapterConfiguration(parsing: Array(text.utf8), file: "config")
  }

  private let plain = #"{"peft_type": "LORA", "r": 1, "lora_alpha": 3, "target_modules": "all"}"#

  private func base() throws -> Checkpoint {
    try workshop.checkpoint(
      "base",
      [
        FlatTensor("m.up.weight", [1, 2, 3, 4, 5, 6], shape: [2, 3]),
        FlatTensor("m.up.bias", [1, 2]),
        FlatTensor("m.embed_tokens.weight", [1, 2, 3, 4, 5, 6], shape: [3, 2]),
      ])
  }

  private func adapter(_ tensors: [FlatTensor]) throws -> Checkpoint {
    try workshop.checkpoint("adapter", tensors)
  }

  private var up: [FlatTensor] {
    [
      FlatTensor("base_model.model.m.up.lora_A.weight", [1, 0, 2], shape: [1, 3]),
      FlatTensor("base_model.model.m.up.lora_B.weight", [1, -1], shape: [2, 1]),
    ]
  }

  private func applied(
    _ tensors: [FlatTensor], _ text: String, scale: Double = 1, pieceBytes: Int? = nil
  ) throws -> Merged {
    let base = try base()
    let loaded = try LoRAAdapter(
      try adapter(tensors), configuration: try configuration(text), base: base)
    let update = try LowRankUpdate(loaded, scale: scale)
    return try workshop.merge(
      MergeRecipe.Operation { (_) throws(CheckpointError) in update }, [base],
      pieceBytes: pieceBytes)
  }

  @Test(arguments: [nil, 4, 8])
  func productsAreAddedWhateverThePieces(pieceBytes: Int?) throws {
    let merged = try applied(up, plain, pieceBytes: pieceBytes)
    // alpha/r is 3.
    #expect(try merged.values("m.up.weight") == [4, 2, 9, 1, 5, 0])
    #expect(try merged.values("m.up.bias") == [1, 2])
    #expect(try merged.values("m.embed_tokens.weight") == [1, 2, 3, 4, 5, 6])
    let half = try applied(up, plain, scale: -0.5, pieceBytes: pieceBytes)
    #expect(try half.values("m.up.weight") == [-0.5, 2, 0, 5.5, 5, 9])
  }

  @Test func scalesComeFromPatternsAndRoots() throws {
    let pattern =
      #"{"peft_type": "LORA", "r": 8, "lora_alpha": 9, "rank_pattern": {"up": 1}, "alpha_pattern": {"m.u.": 2}}"#
    #expect(try applied(up, pattern).values("m.up.weight") == [3, 2, 7, 2, 5, 2])
    let rootTwo = [
      FlatTensor(
        "base_model.model.m.up.lora_A.weight", [Double](repeating: 1, count: 12), shape: [4, 3]),
      FlatTensor(
        "base_model.model.m.up.lora_B.weight", [Double](repeating: 1, count: 8), shape: [2, 4]),
    ]
    let rooted = #"{"peft_type": "LORA", "r": 4, "lora_alpha": 6, "use_rslora": true}"#
    #expect(try applied(rootTwo, rooted).values("m.up.weight") == [13, 14, 15, 16, 17, 18])
  }

  @Test func inputsMayLieAlongTheRows() throws {
    let turned = [
      FlatTensor("base_model.model.m.up.lora_A.weight", [1, -1], shape: [1, 2]),
      FlatTensor("base_model.model.m.up.lora_B.weight", [1, 0, 2], shape: [3, 1]),
    ]
    let text =
      #"{"peft_type": "LORA", "r": 1, "lora_alpha": 3, "fan_in_fan_out": true}"#
    #expect(try applied(turned, text).values("m.up.weight") == [4, 2, 9, 1, 5, 0])
    let error = #expect(throws: CheckpointError.self) { try applied(turned, plain) }
    #expect(error?.fact.contains("doesn't fit 2x3") == true)
  }

  @Test func embeddingsAreTablesOfInputs() throws {
    let embedding = [
      FlatTensor("base_model.model.m.embed_tokens.lora_embedding_A", [1, 0, 2], shape: [1, 3]),
      FlatTensor("base_model.model.m.embed_tokens.lora_embedding_B", [1, -1], shape: [2, 1]),
    ]
    let merged = try applied(embedding, plain)
    #expect(try merged.values("m.embed_tokens.weight") == [4, -1, 3, 4, 11, 0])
  }

  @Test func fullTensorsAreTheTunedValues() throws {
    let bias = [FlatTensor("base_model.model.m.up.base_layer.bias", [0.1, 5])]
    let merged = try applied(up + bias, plain)
    #expect(try merged.values("m.up.bias") == [Double(Float(0.1)), 5])
    let saved = ["modules_to_save", "original_module"].enumerated().map { place, kind in
      FlatTensor("base_model.model.m.up.\(kind).bias", [Double(place) + 7, 5])
    }
    #expect(try applied(saved, plain).values("m.up.bias") == [7, 5])
    let twice = try applied(up + bias, plain, scale: 2)
    #expect(try twice.values("m.up.bias") == [Double(Float(2 * Double(Float(0.1)) - 1)), 8])
  }

  @Test func whatDoesntFitIsNamed() throws {
    func refused(_ tensors: [FlatTensor], _ text: String, _ words: String) {
      let error = #expect(throws: CheckpointError.self) { try applied(tensors, text) }
      #expect(error.map { "\($0)".contains(words) } == true, "\(error.map { "\($0)" } ?? "")")
    }
    refused([up[0]], plain, "has lora_A only")
    refused([up[1]], plain, "has lora_B only")
    refused([], plain, "holds no adapter")
    refused(
      up.map { tensor in
        var other = tensor
        other.name = tensor.name.replacing(".up.", with: ".down.")
        return other
      }, plain, "tensor m.down.weight: isn't in")
    refused(
      [FlatTensor("base_model.model.m.up.lora_magnitude_vector.weight", [1, 2])], plain,
      "isn't part of a LoRA adapter")
    refused([FlatTensor("optimizer.state", [1])], plain, "isn't part of a LoRA adapter")
    refused(up, #"{"peft_type": "IA3", "r": 1, "lora_alpha": 1}"#, "is an adapter of type IA3")
    refused(
      up, #"{"peft_type": "LORA", "r": 1, "lora_alpha": 1, "use_dora": true}"#, "of type DoRA")
    refused(up, #"{"peft_type": "LORA", "r": 2, "lora_alpha": 1}"#, "has rank 1, but 2")
    refused(up, #"{"peft_type": "LORA"}"#, "isn't a configuration")
    refused(up, "[]", "isn't a configuration")
    refused(
      [FlatTensor("base_model.model.m.up.base_layer.bias", [1, 2, 3])], plain, "the same shape")
    var whole = up
    whole[0].type = .int32
    refused(whole, plain, "floating-point")
  }
}

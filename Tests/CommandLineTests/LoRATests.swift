import TestSupport
import Testing

/// The verbs `lora extract` and `lora apply`, on files of both orientations.
struct LoRATests {
  private struct Report: Decodable {
    struct Tensor: Decodable {
      let name: String
      let rank: Int
      let fullRank: Int
      let energy: Double
      let relativeError: Double
    }

    let fanInFanOut: Bool
    let tensors: [Tensor]
    let full: [String]
    let leftOut: [String]
  }

  private let bench: Workbench
  private let base = Sample.cnn("pretrained")
  private let tuned = Sample.cnn("task-b")

  init() throws {
    bench = try Workbench()
  }

  @Test func allOfTheEnergyGivesTheTunedModel() throws {
    let report: Report = try bench.done(
      "lora", "extract", tuned, "--base", base, "--energy", "1", "--dtype", "float64", "-o",
      "a.safetensors", "--json"
    ).json()
    #expect(report.fanInFanOut && report.tensors.allSatisfy { $0.rank == $0.fullRank })
    try bench.done("lora", "apply", "a.safetensors", "--base", base, "-o", "again.h5")
    #expect(try bench.areEqual("again.h5", tuned, excluding: "optimizer*"))
    try bench.done(
      "lora", "apply", "a.safetensors", "--base", base, "--scale", "0", "-o", "none.h5")
    #expect(try bench.areEqual("none.h5", base))
    try bench.done(
      "lora", "apply", "a.safetensors", "--base", base, "--scale", "-0.5", "-o", "less.h5")
    try bench.done("negate", "--base", base, tuned, "--scale", "0.5", "-o", "negated.h5")
    #expect(try bench.areEqual("less.h5", "negated.h5", tolerance: 1e-6))
  }

  @Test func factorsHaveTheirInputsAndOutputsInPlace() throws {
    try bench.done(
      "lora", "extract", tuned, "--base", base, "--rank", "4", "-o", "a.safetensors")
    let keras = try bench.inspect("a.safetensors")
    func shape(_ inspection: Inspection, _ name: String) -> [Int]? {
      inspection.tensors.first { $0.name == name }?.shape
    }
    let kernel = "model_weights/logits/logits/kernel"
    #expect(shape(keras, kernel + ".lora_A") == [4, 24])
    #expect(shape(keras, kernel + ".lora_B") == [10, 4])
    #expect(shape(keras, "model_weights/logits/logits/bias.full") == [10])
    // Under PyTorch's names the same numbers are outputs x inputs.
    for (name, file) in [("base", base), ("tuned", tuned)] {
      try bench.done(
        "convert", file, "--include", "*logits*", "--rename",
        "model_weights/logits/logits/kernel=>head.weight", "--rename",
        "model_weights/logits/logits/bias=>head.bias", "\(name).safetensors")
    }
    try bench.done(
      "lora", "extract", "tuned.safetensors", "--base", "base.safetensors", "--rank", "4", "-o",
      "peft")
    let peft = try bench.inspect("peft/adapter_model.safetensors")
    #expect(shape(peft, "base_model.model.head.lora_A.weight") == [4, 10])
    #expect(shape(peft, "base_model.model.head.lora_B.weight") == [24, 4])
    #expect(shape(peft, "base_model.model.head.base_layer.bias") == [10])
    let text = String(
      decoding: try bench.folder.bytes("peft/adapter_config.json"), as: UTF8.self)
    for word in [
      "\"peft_type\" : \"LORA\"", "\"r\" : 4", "\"lora_alpha\" : 4", "\"bias\" : \"all\"",
    ] {
      #expect(text.contains(word), "\(word)")
    }
    // Either orientation gives the same matrix.
    for flag in ["--fan-in-fan-out", "--no-fan-in-fan-out"] {
      try bench.done(
        "lora", "extract", "tuned.safetensors", "--base", "base.safetensors", "--rank", "4", flag,
        "-o", "f.safetensors", "--force")
      try bench.done(
        "lora", "apply", "f.safetensors", "--base", "base.safetensors", "-o", "m.safetensors",
        "--force")
      try bench.done(
        "lora", "apply", "peft", "--base", "base.safetensors", "-o", "p.safetensors", "--force")
      #expect(try bench.areEqual("m.safetensors", "p.safetensors", tolerance: 1e-6))
    }
  }

  @Test func lessEnergyIsACloserLookAtTheError() throws {
    let report: Report = try bench.done(
      "lora", "extract", tuned, "--base", base, "--energy", "0.9", "--others", "skip", "-o",
      "a.safetensors", "--json"
    ).json()
    for tensor in report.tensors {
      #expect(tensor.energy >= 0.9 && tensor.rank < tensor.fullRank)
      #expect(abs(tensor.relativeError * tensor.relativeError + tensor.energy - 1) < 1e-12)
    }
    #expect(report.full.isEmpty && !report.leftOut.isEmpty)
  }

  @Test func mistakesAreNamedAndLeaveNothing() throws {
    func refused(_ code: Int32, _ words: String, _ arguments: String...) throws {
      let run = try bench.run(["lora"] + arguments)
      #expect(run.code == code && run.errors.contains(words), "\(arguments): \(run)")
    }
    try refused(64, "give one of", "extract", tuned, "--base", base, "-o", "a.safetensors")
    try refused(
      64, "no matrix has a rank above 24", "extract", tuned, "--base", base, "--rank", "25", "-o",
      "a.safetensors")
    try refused(2, "PEFT's way", "extract", tuned, "--base", base, "--rank", "2", "-o", "folder")
    try refused(
      2, "differs in no weight", "extract", base, "--base", base, "--rank", "2", "-o",
      "a.safetensors")
    try refused(
      2, "is missing", "extract", Sample.mlp("task-b"), "--base", base, "--rank", "2", "--include",
      "*bias", "-o", "a.safetensors")
    try refused(2, "isn't part of a LoRA adapter", "apply", tuned, "--base", base, "-o", "x.h5")
    #expect(try bench.holds())
  }
}

public import Checkpoints
import FoundationEssentials

/// PEFT's `adapter_config.json`, as far as a merge depends on it.
public struct AdapterConfiguration: Codable, Sendable {
  /// The name of the file.
  public static let fileName = "adapter_config.json"
  /// The name of the tensors' file beside it.
  public static let tensorsName = "adapter_model.safetensors"

  var peftType: String
  var baseModelNameOrPath: String?
  var r: Int
  var loraAlpha: Double
  var loraDropout: Double?
  var rankPattern: [String: Int]?
  var alphaPattern: [String: Double]?
  var targetModules: [String]?
  var modulesToSave: [String]?
  var bias: String?
  var fanInFanOut: Bool?
  var useRslora: Bool?
  var useDora: Bool?
  var inferenceMode: Bool?

  enum CodingKeys: String, CodingKey {
    case peftType = "peft_type"
    case baseModelNameOrPath = "base_model_name_or_path"
    case r
    case loraAlpha = "lora_alpha"
    case loraDropout = "lora_dropout"
    case rankPattern = "rank_pattern"
    case alphaPattern = "alpha_pattern"
    case targetModules = "target_modules"
    case modulesToSave = "modules_to_save"
    case bias
    case fanInFanOut = "fan_in_fan_out"
    case useRslora = "use_rslora"
    case useDora = "use_dora"
    case inferenceMode = "inference_mode"
  }

  init(r: Int, base: String) {
    peftType = "LORA"
    baseModelNameOrPath = base
    self.r = r
    loraAlpha = Double(r)
    loraDropout = 0
    bias = "none"
    useRslora = false
    useDora = false
    inferenceMode = true
  }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - text: The JSON.
  ///   - file: The name that messages use.
  /// - Throws: ``CheckpointError`` where it isn't one.
  public init(parsing text: [UInt8], file: String) throws(CheckpointError) {
    // Targets may be one regular expression; they say nothing that the tensors don't.
    struct Relevant: Decodable {
      let peftType: String
      let r: Int
      let loraAlpha: Double
      let rankPattern: [String: Int]?
      let alphaPattern: [String: Double]?
      let fanInFanOut: Bool?
      let useRslora: Bool?
      let useDora: Bool?
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let read = try? decoder.decode(Relevant.self, from: Data(text)) else {
      throw .unusable(
        file, "isn't a configuration of a LoRA adapter (peft_type, r and lora_alpha are wanted)")
    }
    self.init(r: read.r, base: "")
    peftType = read.peftType
    loraAlpha = read.loraAlpha
    rankPattern = read.rankPattern
    alphaPattern = read.alphaPattern
    fanInFanOut = read.fanInFanOut ?? false
    useRslora = read.useRslora
    useDora = read.useDora
  }

  /// The JSON of a configuration that is written.
  func text() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return ((try? encoder.encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")]
  }

  /// Refuses adapters of another kind.
  func check(_ file: String) throws(CheckpointError) {
    guard peftType.uppercased() == "LORA", useDora != true else {
      throw .unusable(
        file, "is an adapter of type \(useDora == true ? "DoRA" : peftType), not LoRA",
        remedy: "merge it with PEFT itself: model.merge_and_unload()")
    }
  }

  /// α/r of a tensor, or α/√r for rank-stabilised adapters.
  func scaling(of target: TensorName, rank: Int, file: String) throws(CheckpointError) -> Double {
    let module = AdapterNaming.module(of: target) ?? target.text
    let alpha = alphaPattern.flatMap { value(of: module, in: $0) } ?? loraAlpha
    let expected = rankPattern.flatMap { value(of: module, in: $0) } ?? r
    guard rank == expected else {
      throw .unusable(
        file, tensor: target, "has rank \(rank), but \(expected) by \(Self.fileName)",
        remedy: "the tensors and the configuration belong to different adapters")
    }
    return alpha / (useRslora == true ? Double(rank).squareRoot() : Double(rank))
  }

  /// A module's value of a pattern: keys are names, their ends, or regular expressions of them.
  private func value<Value>(of module: String, in pattern: [String: Value]) -> Value? {
    if let value = pattern[module] { return value }
    return pattern.sorted { $0.key < $1.key }.first { key, _ in
      guard let regex = try? Regex("(.*\\.)?(\(key))") else { return false }
      return (try? regex.wholeMatch(in: module)) != nil
    }?.value
  }
}

import Checkpoints

/// How the tensors of an adapter are called.
///
/// * PEFT's folders: `base_model.model.<module>.lora_A.weight` and `…lora_B.weight` for the tensor
///   `<module>.weight`, `base_model.model.<module>.lora_embedding_A` for embeddings, and
///   `base_model.model.<tensor>` for what is stored in full; behind the name of a module that has
///   factors too stands `base_layer`.
/// * One file: `<tensor>.lora_A`, `<tensor>.lora_B`, `<tensor>.full`, whatever the tensors' names.
enum AdapterNaming {
  /// The metadata of one file that tells whether matrices have their inputs along the rows.
  static let orientationKey = "fan_in_fan_out"
  static let prefix = "base_model.model."

  /// What a tensor of an adapter is.
  struct Key {
    enum Part {
      case a, b, full
      /// The base's own values, which PEFT stores beside tuned ones when it trains all biases.
      case original
    }

    /// The tensor of the base.
    let target: TensorName
    let part: Part

    /// Reads a name; nil where it is none of an adapter's.
    init?(_ name: TensorName, isPEFT: Bool) {
      var text = name.text[...]
      func ends(_ suffix: String) -> Bool {
        guard text.hasSuffix(suffix) else { return false }
        text.removeLast(suffix.count)
        return true
      }
      guard isPEFT else {
        if ends(".lora_A") {
          part = .a
        } else if ends(".lora_B") {
          part = .b
        } else if ends(".full") {
          part = .full
        } else {
          return nil
        }
        target = TensorName(String(text))
        return
      }
      guard text.hasPrefix(AdapterNaming.prefix) else { return nil }
      text.removeFirst(AdapterNaming.prefix.count)
      if ends(".lora_A.weight") || ends(".lora_embedding_A") {
        part = .a
      } else if ends(".lora_B.weight") || ends(".lora_embedding_B") {
        part = .b
      } else if text.contains(".lora_") {
        // DoRA's magnitudes, biases of B and the like change more than a product does.
        return nil
      } else {
        part = text.contains(".original_module.") ? .original : .full
        target = TensorName(
          String(text).replacing(".base_layer.", with: ".")
            .replacing(".modules_to_save.", with: "."))
        return
      }
      target = TensorName(text + ".weight")
    }
  }

  /// Whether a module of this name is an embedding, whose factors PEFT calls otherwise.
  static func isEmbedding(_ module: String) -> Bool {
    let leaf = module.split(separator: ".").last.map(String.init) ?? module
    return leaf.contains("embed") || ["wte", "wpe"].contains(leaf)
  }

  /// The module of a tensor called `<module>.weight`; nil for other names.
  static func module(of name: TensorName) -> String? {
    let text = name.text
    return text.hasSuffix(".weight") ? String(text.dropLast(7)) : nil
  }

  /// The module of a matrix, for an adapter in PEFT's form.
  ///
  /// - Throws: ``CheckpointError`` where it has none.
  static func moduleForPEFT(
    of name: TensorName, file: String
  ) throws(CheckpointError) -> String {
    if let module = module(of: name) { return module }
    throw .unusable(
      file, tensor: name, "can't be named in PEFT's way, which knows .weight only",
      remedy: "name an output that ends in .safetensors, or leave it out with --exclude")
  }
}

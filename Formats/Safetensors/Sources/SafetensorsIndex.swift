public import Checkpoints
import JSON

/// The index of a model in several files, and how tensors are put into them.
public enum SafetensorsIndex {
  /// The files of a model as Hugging Face names them.
  public struct Parts: Sendable {
    /// The name of each part.
    public let names: [String]
    /// The part of each tensor.
    public let parts: [TensorName: Int]
    /// The index.
    public let index: [UInt8]
  }

  /// The index's name.
  public static let name = "model.safetensors.index.json"

  /// Fills parts one after the other, in the order of the tensors.
  ///
  /// - Parameters:
  ///   - tensors: The names and sizes of the tensors.
  ///   - limit: The most bytes of tensors in a part; a larger tensor has a part of its own.
  /// - Returns: At least one part.
  public static func parts(_ tensors: [(name: TensorName, size: Int)], limit: Int) -> Parts {
    var parts: [TensorName: Int] = [:]
    var part = 0
    var filled = 0
    for tensor in tensors {
      if filled > 0, tensor.size > limit - filled {
        part += 1
        filled = 0
      }
      parts[tensor.name] = part
      filled += tensor.size
    }
    func padded(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
    let names = (0...part).map { "model-\(padded($0 + 1))-of-\(padded(part + 1)).safetensors" }
    let total = tensors.reduce(0) { $0 + $1.size }
    let map = tensors.sorted { $0.name < $1.name }.map { tensor in
      StrictJSON.Member(
        key: tensor.name.bytes, value: .string(Array(names[parts[tensor.name] ?? 0].utf8)))
    }
    let index = StrictJSON.object([
      StrictJSON.Member(
        key: Array("metadata".utf8),
        value: .object([
          StrictJSON.Member(key: Array("total_size".utf8), value: .integer(total))
        ])),
      StrictJSON.Member(key: Array("weight_map".utf8), value: .object(map)),
    ])
    return Parts(names: names, parts: parts, index: JSONWriter.bytes(of: index))
  }
}

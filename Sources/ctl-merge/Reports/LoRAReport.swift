import Checkpoints
import Merging
import Terminal

/// What `lora extract` tells.
struct LoRAReport: Encodable {
  struct Tensor: Encodable {
    let name: String
    let shape: [Int]
    let rank: Int
    let fullRank: Int
    let norm: Double
    let energy: Double
    let relativeError: Double
  }

  let output: String
  let fanInFanOut: Bool
  let tensors: [Tensor]
  /// What is stored as it is.
  let full: [String]
  let unchanged: [String]
  let leftOut: [String]

  init(_ extraction: AdapterExtraction, output: String) {
    self.output = output
    fanInFanOut = extraction.rowsAreInputs
    var tensors: [Tensor] = []
    var full: [String] = []
    for part in extraction.parts {
      switch part.content {
      case .full: full.append(part.name.text)
      case .factors(let factors):
        tensors.append(
          Tensor(
            name: part.name.text, shape: part.shape, rank: factors.rank,
            fullRank: factors.fullRank, norm: factors.norm, energy: factors.energy,
            relativeError: factors.relativeError))
      }
    }
    self.tensors = tensors
    self.full = full
    unchanged = extraction.unchanged.map(\.text)
    leftOut = extraction.leftOut.map(\.text)
  }

  /// The report for a person.
  var text: String {
    let head = ["tensor", "shape", "rank", "|tau|", "energy kept", "relative error"]
    let rows = tensors.map { tensor in
      [
        TensorName(tensor.name).description, shapeText(tensor.shape),
        "\(tensor.rank) of \(tensor.fullRank)", short(tensor.norm),
        "\((tensor.energy * 1e6).rounded() / 1e4) %", short(tensor.relativeError),
      ]
    }
    var lines = tensors.isEmpty ? [] : [table([head] + rows), ""]
    if !leftOut.isEmpty {
      lines.append(
        "left out although changed: "
          + leftOut.map { TensorName($0).description }.joined(separator: ", "))
    }
    lines.append(
      "\(output): \(grouped(tensors.count)) \(tensors.count == 1 ? "matrix" : "matrices") as factors, "
        + "\(counted(full.count, "tensor")) in full, \(grouped(unchanged.count)) unchanged"
    )
    return lines.joined(separator: "\n")
  }
}

import Checkpoints
import Merging
import Terminal

/// What `diff` tells.
struct DiffReport: Encodable {
  struct Incompatible: Encodable {
    let name: String
    let reason: String
  }

  struct Different: Encodable {
    let name: String
    @OrNull var maxAbs: Double?
    @OrNull var maxRel: Double?
    @OrNull var rmse: Double?
    @OrNull var cosine: Double?
    let count: Int
  }

  let a: String
  let b: String
  let equal: Bool
  let compared: Int
  let onlyInA: [String]
  let onlyInB: [String]
  let incompatible: [Incompatible]
  let different: [Different]

  init(_ difference: CheckpointDifference, first: String, second: String) {
    a = first
    b = second
    equal = difference.isEqual
    compared = difference.comparedCount
    onlyInA = difference.onlyInFirst.map(\.text)
    onlyInB = difference.onlyInSecond.map(\.text)
    incompatible = difference.obstacles.map {
      Incompatible(name: $0.name.text, reason: $0.reason)
    }
    different = difference.different.map {
      Different(
        name: $0.name.text, maxAbs: $0.maximumAbsolute, maxRel: $0.maximumRelative,
        rmse: $0.rootMeanSquare, cosine: $0.cosine, count: $0.count)
    }
  }

  /// The report for a person.
  var text: String {
    if equal { return "equal: \(counted(compared, "tensor"))" }
    var lines: [String] = []
    if !different.isEmpty {
      let head = ["tensor", "max abs", "max rel", "rmse", "cosine", "elements"]
      let rows = different.map {
        [
          TensorName($0.name).description, short($0.maxAbs), short($0.maxRel), short($0.rmse),
          $0.cosine.map { "\(($0 * 1e6).rounded() / 1e6)" } ?? "-", grouped($0.count),
        ]
      }
      lines.append(table([head] + rows))
      lines.append("")
    }
    lines += onlyInA.map { "only in \(a): \(TensorName($0))" }
    lines += onlyInB.map { "only in \(b): \(TensorName($0))" }
    lines += incompatible.map { "\(TensorName($0.name)): \($0.reason)" }
    lines.append("\(grouped(different.count)) of \(counted(compared, "tensor")) differ")
    return lines.joined(separator: "\n")
  }
}

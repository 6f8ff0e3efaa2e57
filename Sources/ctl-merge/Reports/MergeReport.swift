import Checkpoints
import Merging
import Terminal

/// The plan of a merge, and its summary once it is done.
struct MergeReport: Encodable {
  struct Tensor: Encodable {
    let name: String
    let rule: String
    let passes: Int
  }

  let output: String
  let method: String
  let parameters: [String: String]
  let base: String?
  let sources: [String]
  let layout: String
  let bytesRead: Int
  private(set) var bytesWritten: Int
  let peakMemoryBytes: Int
  let tensors: [Tensor]
  private(set) var warnings: [String]
  private(set) var seconds: Double?
  private(set) var sha256: String?

  /// What a Swift program of this kind takes before it does anything.
  private static let programBytes = 16 << 20
  /// What is kept in memory per tensor and input.
  private static let descriptionBytes = 1024

  init(_ plan: MergePlan, executor: MergeExecutor, output: String) {
    self.output = output
    method = plan.method.name
    parameters = Dictionary(
      plan.method.parameters.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    base = plan.recipe.base
    sources = plan.recipe.sources
    layout = plan.layout.summary
    bytesRead = plan.bytesRead
    bytesWritten = plan.layout.estimatedSize
    peakMemoryBytes =
      MergeReport.programBytes + executor.bufferBytes + plan.largestTensorBytes
      + plan.inputs.reduce(0) { $0 + $1.tensors.count * MergeReport.descriptionBytes }
    warnings = plan.warnings
    tensors = zip(plan.template.tensors, plan.actions).map { tensor, action in
      switch action {
      case .merge(let merge):
        Tensor(
          name: tensor.name.text, rule: plan.methods[merge.method].rule,
          passes: plan.methods[merge.method].passes(over: tensor.shape))
      case .agree:
        Tensor(name: tensor.name.text, rule: "copied: \(tensor.elementType) must agree", passes: 1)
      case .copy(let reason):
        Tensor(name: tensor.name.text, rule: "copied: \(reason.rawValue)", passes: 0)
      case .drop: Tensor(name: tensor.name.text, rule: "dropped: optimizer state", passes: 0)
      }
    }
  }

  /// Adds what is known after the merge.
  mutating func complete(with summary: MergeSummary, duration: Duration) {
    bytesWritten = summary.bytesWritten
    warnings = summary.warnings
    sha256 = summary.sha256
    seconds = duration.seconds
  }

  /// One line for a person at the end of a merge.
  var closingLine: String {
    let merged = tensors.count { !$0.rule.hasPrefix("copied") && !$0.rule.hasPrefix("dropped") }
    let time = seconds.map { " in \(Double(Int($0 * 1000)) / 1000) s" } ?? ""
    let digest = sha256.map { "\nsha256 \($0)" } ?? ""
    return "\(output): \(method) of \(counted(sources.count, "source")), "
      + "\(counted(merged, "tensor")) merged, \(byteText(bytesWritten))\(time)\(digest)"
  }

  /// The plan for a person.
  var text: String {
    var lines = [
      "\(method) -> \(output)",
      "  sources: \(((base.map { ["\($0) (base)"] } ?? []) + sources).joined(separator: ", "))",
      "  layout:  \(layout)",
      "  reads \(byteText(bytesRead)), writes \(byteText(bytesWritten)), "
        + "needs about \(byteText(peakMemoryBytes)) of memory",
      "",
      table(tensors.map { [TensorName($0.name).description, $0.rule] }, indent: "  "),
    ]
    lines += warnings.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }
}

import Checkpoints
import Probing
import Testing

@Suite("BatchNorm in made models")
struct BatchNormTests {
  private func negate(
    _ scale: Double, _ policy: BatchNormPolicy
  ) throws -> DecompositionReport {
    let session = try SampleSession.open(["cnn/task-b", "cnn/pretrained"]) {
      $0.batchNorm = policy
      $0.data.limit = 100
      if policy == .reset { $0.calibration = try SampleSession.file("calibration") }
    }
    return try DecompositionMeasurement(session, .negation, scales: [scale]).run()
  }

  @Test("a negative variance is an error that counts the channels and says what to do")
  func negativeVariance() throws {
    let error = try #require(throws: CheckpointError.self) { try negate(20, .interpolate) }
    #expect(error.kind == .numeric && error.exitCode == 3)
    #expect(error.description.contains("negative") && error.description.contains("norm_"))
    #expect(error.remedy?.contains("--bn") == true)
  }

  @Test("clamping and resetting make a network that computes, and say so")
  func remedies() throws {
    for policy in [BatchNormPolicy.clamp, .reset] {
      let report = try negate(20, policy)
      #expect(report.header.warnings.contains { $0.contains("negative") }, "\(policy)")
      let layers = report.scales[0].layers
      #expect(layers.allSatisfy { $0.closeness.nonFinite == 0 }, "\(policy)")
    }
  }

  @Test("statistics that are reset on the training distribution keep a soup's accuracy")
  func reset() throws {
    func accuracy(_ policy: BatchNormPolicy) throws -> Double? {
      let session = try SampleSession.open(["cnn/task-a-1", "cnn/task-a-2"]) {
        $0.batchNorm = policy
        if policy == .reset { $0.calibration = try SampleSession.file("calibration") }
      }
      return try SoupMeasurement(session, weights: [0.5, 0.5]).run().union.soup?.accuracy
    }
    let (kept, reset) = (try accuracy(.interpolate) ?? 0, try accuracy(.reset) ?? 0)
    #expect(kept > 0.95 && reset > 0.95)
  }
}

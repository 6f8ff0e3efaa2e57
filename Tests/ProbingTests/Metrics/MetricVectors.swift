import FoundationEssentials
import TestSupport

/// What NumPy found, written by `tools/python/vectors/metrics.py`.
struct MetricVectors: Decodable {
  struct Distribution: Decodable {
    let mean, std, p5, p25, p50, p75, p95: Double
  }

  struct Comparison: Decodable {
    let measured, reference: [Double]
    let oneMinusCos, coef, relativeError: Distribution
    let globalOneMinusCos, globalCoef: Double
  }

  struct Fit: Decodable {
    let alpha, residual: Double
  }

  struct Features: Decodable {
    let width: Int
    let streams: [[Float]]
    let comparisons: [Comparison]
    let fit: Fit
  }

  struct Outputs: Decodable {
    let streams: [[Float]]
    let labels, right: [Int]
    let losses: [Double]
    let agreement, certified: Double
  }

  struct Moments: Decodable {
    let values: [Float]
    let means, variances: [Double]
  }

  struct Weights: Decodable {
    let base, a, b: [Float]
    let distance, relativeDistance, cosine, taskVectorCosine: Double
  }

  struct Paired: Decodable {
    let first, second: Int
    let p: Double
  }

  let features: Features
  let outputs: Outputs
  let moments: Moments
  let weights: Weights
  let paired: [Paired]

  static func read() throws -> MetricVectors {
    let path = Repository.root + "/Tests/ProbingTests/Vectors/metrics.json"
    return try JSONDecoder().decode(
      MetricVectors.self, from: Data(contentsOf: .init(filePath: path)))
  }
}

/// Whether a value is within a relative tolerance of another.
func isNearly(_ value: Double?, _ expected: Double, _ tolerance: Double) -> Bool {
  value.map { ($0 - expected).magnitude <= tolerance * expected.magnitude } ?? false
}

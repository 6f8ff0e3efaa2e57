// The JSON that the contract promises; decoding fails where a key is missing or of another type.

/// What `inspect --json` prints.
struct Inspection: Decodable {
  struct Tensor: Decodable, Equatable {
    let name: String
    let shape: [Int]
    let dtype: String
    let role: String
    let layer: String?
    let bytes: Int
    let storage: String
    let aliasOf: String?
    let stats: Stats?
  }

  struct Stats: Decodable, Equatable {
    let min: Double?
    let max: Double?
    let mean: Double?
    let std: Double?
    let l2: Double?
    let nan: Int
    let inf: Int
    let zeros: Int
    let sha256: String
    let histogram: Histogram?
  }

  struct Histogram: Decodable, Equatable {
    let min: Double
    let max: Double
    let counts: [Int]
  }

  struct Totals: Decodable {
    let tensors: Int
    let parameters: Int
    let trainable: Int?
    let nonTrainable: Int?
    let bytes: Int
  }

  struct Layer: Decodable {
    let name: String
    let `class`: String?
    let parameters: Int
    let trainable: Bool?
    let tensors: [String]
  }

  struct Model: Decodable {
    let name: String
    let layers: Int
    let kerasVersion: String?
  }

  let file: String
  let format: String
  let tensors: [Tensor]
  let metadata: [String: String]
  let totals: Totals
  let layers: [Layer]
  let model: Model?

  func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }
}

/// What `diff --json` prints.
struct Difference: Decodable {
  struct Incompatible: Decodable {
    let name: String
    let reason: String
  }

  struct Different: Decodable {
    let name: String
    let maxAbs: Double
    let maxRel: Double
    let rmse: Double
    let cosine: Double
    let count: Int
  }

  let equal: Bool
  let onlyInA: [String]
  let onlyInB: [String]
  let incompatible: [Incompatible]
  let different: [Different]
}

/// What `--dry-run --json` prints, and `--json` of every verb that writes.
struct Summary: Decodable {
  struct Tensor: Decodable {
    let name: String
    let rule: String
    let passes: Int
  }

  let output: String
  let method: String
  let sources: [String]
  let bytesRead: Int
  let bytesWritten: Int
  let peakMemoryBytes: Int
  let tensors: [Tensor]
  let warnings: [String]
  let seconds: Double?
  let sha256: String?
}

/// What `verify --json` prints.
struct Soundness: Decodable {
  struct Problem: Decodable {
    let kind: String
    let tensor: String?
    let problem: String
  }

  let file: String
  let sound: Bool
  let problems: [Problem]
}

package import Checkpoints

/// `Embedding`: the row of `embeddings` (input_dim, output_dim) for each token id; with `mask_zero` id 0 is padding.
package struct Embedding: Layer {
  package static let classNames = ["Embedding"]
  private let count: Int
  private let width: Int
  private let masksZero: Bool

  package init(_ configuration: LayerConfiguration) throws(CheckpointError) {
    try configuration.refuseAdapters()
    count = try configuration.int("input_dim")
    width = try configuration.int("output_dim")
    masksZero = try configuration.bool("mask_zero", default: false)
    guard count > 0, width > 0 else {
      throw configuration.error("has \(count) rows of \(width), which can't be")
    }
  }

  package func plan(_ call: LayerCall) throws(CheckpointError) -> LayerPlan {
    let input = try call.onlyInput()
    return LayerPlan(
      outputs: [input + [width]],
      parameters: [ParameterSlot("embeddings", storePath: "vars/0", shape: [count, width])],
      makesMask: masksZero
    ) { [count, width, masksZero] batch in
      EmbeddingKernel(
        count: count, width: width, masksZero: masksZero, shape: [batch] + input + [width])
    }
  }
}

private struct EmbeddingKernel: LayerKernel {
  let count: Int
  let width: Int
  let masksZero: Bool
  let shape: [Int]

  func run(_ inputs: [Feature], weights: [FloatArray]) throws(CheckpointError) -> [Feature] {
    let ids = inputs[0].array
    var rows: [Int] = []
    rows.reserveCapacity(ids.count)
    for place in 0..<ids.count {
      let id = unsafe ids.pointer[place]
      // Towards zero, as Keras converts; a NaN is no integer.
      guard let row = Int(exactly: id.rounded(.towardZero)), (0..<count).contains(row) else {
        throw CheckpointError(
          .unusable, subject: nil, fact: "gets the id \(id), but has rows 0 to \(count - 1)",
          remedy: "check that the data belong to this model")
      }
      rows.append(row)
    }
    let result = FloatArray(shape)
    let table = weights[0]
    Threads.forEachRange(of: rows.count, grain: max(1, (1 << 14) / width)) { [rows] range in
      for place in range {
        let source = unsafe table.values(rows[place] * width..<(rows[place] + 1) * width)
        _ = unsafe result.target(place * width..<(place + 1) * width).update(
          fromContentsOf: source)
      }
    }
    guard masksZero else { return [Feature(result)] }
    let mask = FloatArray(ids.shape)
    for place in 0..<ids.count {
      unsafe mask.pointer[place] = ids.pointer[place] != 0 ? 1 : 0
    }
    return [Feature(result, mask: mask)]
  }
}

package import Checkpoints
internal import Networks

/// Every layer's output over a data set, for one model: the way to check this program against Keras, and
/// to take features elsewhere.
package struct FeatureExtraction {
  /// One layer's output.
  package struct Output: Sendable {
    /// The layer's name.
    package let name: String
    /// The shape of one sample's output.
    package let shape: [Int]
  }

  let session: ProbeSession
  private let kernels: NetworkKernels
  private let chosen: [Int]

  /// An extraction from the session's first model; fused activations belong to their layers' outputs, as
  /// in Keras.
  ///
  /// - Throws: ``CheckpointError`` where no layer is chosen.
  package init(_ session: ProbeSession) throws(CheckpointError) {
    self.session = session
    kernels = try session.kernels(.none, networks: 1)
    let points = kernels.plan.points
    chosen = points.indices.filter { session.measures(points[$0]) }
    guard !chosen.isEmpty else {
      throw CheckpointError(
        .usage, subject: "--layers",
        fact: "matches none of the network's layers, which are "
          + points.map(\.name).joined(separator: ", "))
    }
  }

  /// What is extracted, in the network's order.
  package var outputs: [Output] {
    chosen.map { Output(name: kernels.plan.points[$0].name, shape: kernels.plan.points[$0].shape) }
  }

  /// Runs the model over all data.
  ///
  /// - Parameter write: Takes some samples' values of an output: its place in ``outputs``, the samples'
  ///   numbers among all data, and the values.
  /// - Throws: ``CheckpointError`` where the data can't be read or the model can't be computed, and what
  ///   `write` throws.
  package func run(
    _ write: (_ output: Int, _ samples: Range<Int>, _ values: UnsafeBufferPointer<Float>)
      throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let (networks, _) = try session.networks([.source(0)], names: ["the model"], kernels)
    let places = Dictionary(uniqueKeysWithValues: chosen.enumerated().map { ($1, $0) })
    var first = 0
    try DataPass(session: session, lockstep: Lockstep(kernels, networks: networks)).run(
      points: { places[$0] != nil }
    ) { place, visit throws(CheckpointError) in
      guard let output = places[visit.point], let feature = visit.features.first else { return }
      let width = feature.array.count / kernels.batch
      try unsafe write(
        output, first..<first + place.samples, feature.array.values(0..<place.samples * width))
    } conclude: { place, _ throws(CheckpointError) in
      first += place.samples
    }
  }
}

package import Checkpoints
import Synchronization

/// Writes features layer by layer and batch by batch, in the memory of a batch, to a file that is
/// seen under its name only when it is whole.
///
/// All sizes are known before the first value, so the file is laid out first and each batch goes to
/// its place by one plain write.
package final class FeatureFile: Sendable {
  /// What is to be written of a layer.
  package struct Layer: Hashable, Sendable {
    /// The layer's name, which becomes the data set's.
    package let name: String
    /// The shape of one sample's feature.
    package let shape: [Int]

    /// A layer.
    package init(name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  private let output: StagedFile
  private let layout: any NewFile
  private let layers: [Layer]
  private let extents: [Extent]
  private let samples: Int
  /// How many samples of each layer were written.
  private let written: Mutex<[Int]>

  /// Lays out the file.
  ///
  /// - Parameters:
  ///   - layers: The layers, in the order in which the file lists them.
  ///   - samples: The number of samples.
  ///   - destination: Where the file goes.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - writer: The format.
  /// - Throws: ``CheckpointError`` of kind `output` where there is no room, among others.
  package init(
    _ layers: [Layer], samples: Int, to destination: StagedFile.Destination, replacing: Bool,
    writer: any CheckpointWriter
  ) throws(CheckpointError) {
    var arrays: [NewTensor] = []
    for layer in layers {
      guard
        let array = NewTensor(
          name: TensorName(layer.name), aliases: [], shape: [samples] + layer.shape,
          elementType: .float32)
      else {
        throw CheckpointError(
          .output, file: destination.name, subject: "layer \(layer.name)",
          fact: "has more features than can be addressed", remedy: "use --limit or --layers")
      }
      arrays.append(array)
    }
    layout = try writer.layout(arrays, attributes: [], file: destination.name)
    self.layers = layers
    self.samples = samples
    output = try StagedFile.create(destination, replacing: replacing)
    extents = try layout.prepare(output)
    written = Mutex([Int](repeating: 0, count: layers.count))
  }

  /// Writes the features of some samples; safe from any thread, each sample once.
  ///
  /// - Parameters:
  ///   - values: As many values as the samples have, in C order.
  ///   - layer: The layer's place.
  ///   - range: Which samples they are.
  /// - Throws: ``CheckpointError`` of kind `output`.
  package func write(
    _ values: Span<Float>, of layer: Int, samples range: Range<Int>
  ) throws(CheckpointError) {
    let size = layers[layer].shape.reduce(1, *)
    precondition(range.lowerBound >= 0 && range.upperBound <= samples)
    precondition(values.count == range.count * size)
    let place = extents[layer].offset + range.lowerBound * size * MemoryLayout<Float>.size
    if 1.littleEndian == 1 {
      try output.write(unsafe values.bytes, at: place)
    } else {
      let turned = values.indices.map { values[$0].bitPattern.littleEndian }
      try output.write(unsafe turned.span.bytes, at: place)
    }
    written.withLock { $0[layer] += range.count }
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: ``CheckpointError`` of kind `output`; what was there before then stays.
  package func commit() throws(CheckpointError) {
    let counts = written.withLock { $0 }
    for (layer, count) in zip(layers, counts) where count != samples {
      throw CheckpointError(
        .output, file: output.destination.name, subject: "layer \(layer.name)",
        fact: "has \(grouped(count)) of \(grouped(samples)) samples", remedy: "please report this")
    }
    try layout.finish(output)
    try output.commit(durably: false)
  }
}

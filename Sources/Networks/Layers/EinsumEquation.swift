internal import Checkpoints

/// An equation such as `abc,cde->abde` for inputs of a known rank, its axes sorted by what becomes of them.
///
/// Labels of the axes that `...` stands for are numbers below 0.
struct EinsumEquation: Sendable {
  let input: [Int]
  let kernel: [Int]
  let output: [Int]
  /// The labels of `bias_axes`.
  let bias: [Int]
  /// The size of every label but the batch axis's.
  let sizes: [Int: Int]

  /// Reads `equation`, `output_shape` and `bias_axes` for an input of a shape, without the batch axis.
  init(_ configuration: LayerConfiguration, shape: [Int]) throws(CheckpointError) {
    let text = try configuration.string("equation")
    func failure(_ fact: String) -> CheckpointError {
      configuration.error("has the equation \"\(text)\", \(fact)")
    }
    let terms = text.split(separator: "->", omittingEmptySubsequences: false).flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    guard terms.count == 3 else { throw failure("which isn't of the form X,Y->Z") }
    let elided = shape.count + 1 - terms[0].count { $0.isLetter }
    func labels(_ term: Substring) -> [Int]? {
      let letters = { (part: Substring) in part.unicodeScalars.map { Int($0.value) } }
      let dots = (0..<max(0, elided)).map { -1 - $0 }
      let core = term.filter { $0 != "." }
      guard core.allSatisfy({ $0.isASCII && $0.isLetter }), Set(core).count == core.count else {
        return nil
      }
      if term == core { return letters(term) }
      if term == "...\(core)" { return dots + letters(core[...]) }
      return term == "\(core)..." ? letters(core[...]) + dots : nil
    }
    guard let input = labels(terms[0]), let kernel = labels(terms[1]), terms[1].first != ".",
      terms[1].last != ".", let output = labels(terms[2])
    else { throw failure("which isn't understood") }
    guard input.count == shape.count + 1 else {
      throw failure("but its input is \(shapeText(shape)) behind the batch")
    }
    guard let batch = input.first, output.first == batch, !kernel.contains(batch) else {
      throw failure("which doesn't keep the batch in front")
    }
    self.input = input
    self.kernel = kernel
    self.output = output
    var sizes = Dictionary(uniqueKeysWithValues: zip(input.dropFirst(), shape))
    // `output_shape` tells the axes that "..." doesn't stand for, without the batch.
    let told: [JSONValue] = configuration["output_shape"].map { $0.array ?? [$0] } ?? []
    for (label, size) in zip(output.dropFirst().filter { $0 >= 0 }, told.suffix(output.count)) {
      guard let size = size.int else { continue }
      guard sizes[label] ?? size == size, size > 0 else {
        throw failure("whose output_shape doesn't fit its input \(shapeText(shape))")
      }
      sizes[label] = size
    }
    guard (output.dropFirst() + kernel).allSatisfy({ sizes[$0] != nil }),
      kernel.allSatisfy({ input.contains($0) || output.contains($0) })
    else { throw failure("some axes of which have no size") }
    self.sizes = sizes
    let axes = try configuration.string("bias_axes", default: "")
    bias = axes.unicodeScalars.map { Int($0.value) }
    guard bias.allSatisfy({ output.dropFirst().contains($0) }) else {
      throw failure("but its bias has the axes \"\(axes)\"")
    }
  }

  /// Axes of input, kernel and output: one product for each place.
  var shared: [Int] { output.filter { input.contains($0) && kernel.contains($0) } }
  /// Axes of input and output.
  var rows: [Int] { output.filter { input.contains($0) && !kernel.contains($0) } }
  /// Axes of kernel and output.
  var columns: [Int] { output.filter { !input.contains($0) } }
  /// Axes of input and kernel, over which products are summed.
  var contracted: [Int] { input.filter { kernel.contains($0) && !output.contains($0) } }
  /// Axes of the input alone, over which it is summed.
  var summed: [Int] { input.filter { !kernel.contains($0) && !output.contains($0) } }

  /// The sizes of labels; the batch axis's is 1 where it isn't given.
  func shape(_ labels: [Int], batch: Int = 1) -> [Int] {
    labels.map { sizes[$0] ?? batch }
  }

  /// The shape of the bias: from its first axis on, 1 for the others.
  var biasShape: [Int] {
    guard let first = output.firstIndex(where: { bias.contains($0) }) else { return [] }
    return output[first...].map { bias.contains($0) ? sizes[$0] ?? 1 : 1 }
  }
}

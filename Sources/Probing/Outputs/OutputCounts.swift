/// What some samples' outputs add up to.
struct OutputCounts: Sendable {
  /// What is known of one sample.
  struct Sample {
    /// Its class; nil where it has none.
    let label: Int?
    /// For each construction the class; nil where there is none.
    let predicted: [Int?]
    /// For each construction the loss; nil without a target.
    let losses: [Double]?
    /// Whether each certificate holds.
    let certified: [Bool]
  }

  /// How often two constructions tell the same class, and how often only one is right.
  struct Pair {
    var agreeing = 0
    var onlyFirst = 0
    var onlySecond = 0
  }

  /// The sum of losses; those that aren't finite apart, as they would spoil what sums leave behind.
  struct Loss {
    private var sum = CompensatedSum()
    private var unusable: Double?

    /// The sum, which isn't finite where a loss isn't.
    var value: Double { unusable ?? sum.value }

    mutating func add(_ loss: Double) {
      if loss.isFinite { sum.add(loss) } else { unusable = (unusable ?? 0) + loss }
    }
  }

  private(set) var samples = 0
  /// Samples with a class.
  private(set) var labelled = 0
  /// Samples with a class or other values to be told.
  private(set) var targeted = 0
  /// For each construction the samples that it is right about.
  private(set) var right: [Int]
  /// For each construction its losses.
  private(set) var losses: [Loss]
  /// For each pair of constructions that are compared.
  private(set) var pairs: [Pair]
  /// For each certificate the number of samples that it holds for.
  private(set) var certified: [Int]

  init(constructions: Int, pairings: Int, certificates: Int) {
    right = Array(repeating: 0, count: constructions)
    losses = Array(repeating: Loss(), count: constructions)
    pairs = Array(repeating: Pair(), count: pairings)
    certified = Array(repeating: 0, count: certificates)
  }

  /// Takes a sample.
  mutating func add(_ sample: Sample, _ pairings: [OutputComparisons.Pairing]) {
    samples += 1
    if sample.label != nil { labelled += 1 }
    let isRight = sample.predicted.map { $0 != nil && $0 == sample.label }
    for number in isRight.indices where isRight[number] { right[number] += 1 }
    if let losses = sample.losses {
      targeted += 1
      for (number, loss) in losses.enumerated() { self.losses[number].add(loss) }
    }
    for (number, pairing) in pairings.enumerated() {
      let (first, second) = (sample.predicted[pairing.first], sample.predicted[pairing.second])
      if first != nil && first == second { pairs[number].agreeing += 1 }
      let (a, b) = (isRight[pairing.first], isRight[pairing.second])
      if a && !b { pairs[number].onlyFirst += 1 }
      if b && !a { pairs[number].onlySecond += 1 }
    }
    for (number, holds) in sample.certified.enumerated() where holds { certified[number] += 1 }
  }
}

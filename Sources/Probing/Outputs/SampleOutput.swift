/// What one sample's output says, in binary64.
struct SampleOutput {
  /// The class, ties to the lowest; nil where the output isn't classes, and where it isn't usable.
  let predicted: Int?
  /// The gap between the greatest logit and the next, of two classes for a single logit z: 2 |z|.
  let margin: Double

  /// A NaN or +infinity makes an output unusable, since then the greatest is an accident; -infinity may
  /// rule a class out.
  init(_ logits: some RandomAccessCollection<Double>, task: Task) {
    let usable =
      logits.allSatisfy { !$0.isNaN && $0 < .infinity } && logits.contains { $0.isFinite }
    guard usable, task.classCount != nil, let first = logits.first else {
      (predicted, margin) = (nil, 0)
      return
    }
    if task == .binary {
      // The sigmoid is above its threshold of 1/2 where the logit is above 0.
      (predicted, margin) = (first > 0 ? 1 : 0, 2 * first.magnitude)
      return
    }
    var (best, greatest, next) = (0, -Double.infinity, -Double.infinity)
    for (place, logit) in logits.enumerated() {
      if logit > greatest {
        (best, next, greatest) = (place, greatest, logit)
      } else if logit > next {
        next = logit
      }
    }
    (predicted, margin) = (best, greatest - next)
  }

  /// The cross-entropy of logits with a class: log(sum exp(z)) - z_label.
  static func crossEntropy(_ logits: some Collection<Double>, label: Int) -> Double {
    let greatest = logits.max() ?? 0
    var sum = 0.0, chosen = Double.nan
    for (place, logit) in logits.enumerated() {
      sum += MathLibrary.exponential(logit - greatest)
      if place == label { chosen = logit }
    }
    return MathLibrary.logarithm(sum) + (greatest - chosen)
  }

  /// The cross-entropy of one logit with 0 or 1: log(1 + exp(z)) - y z, without overflow.
  static func binaryCrossEntropy(_ logit: Double, label: Int) -> Double {
    // -z for class 1, z for class 0: the loss is log(1 + exp(against)).
    let against = label == 1 ? -logit : logit
    return max(against, 0)
      + MathLibrary.logarithmOfOnePlus(MathLibrary.exponential(-against.magnitude))
  }

  /// The mean of squared differences.
  static func squaredError(_ output: some Collection<Double>, _ target: some Collection<Float>)
    -> Double
  {
    var sum = 0.0
    for (value, wanted) in zip(output, target) {
      let difference = value - Double(wanted)
      sum += difference * difference
    }
    return sum / Double(max(1, output.count))
  }
}

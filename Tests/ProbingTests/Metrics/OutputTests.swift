import Probing
import Testing

@Suite("Outputs and targets")
struct OutputTests {
  private func scored(
    _ task: Task, _ logits: [Float], _ targets: Targets?
  ) -> OutputComparisons {
    var result = OutputComparisons(
      task: task, constructions: [.stream(0)], pairings: [.init(0, 0)])
    result.add([logits], samples: logits.count / task.width, targets: targets)
    return result
  }

  @Test("equal logits are the lowest class, and their loss is the logarithm of their number")
  func ties() {
    let result = scored(.classes(3), [2, 2, 2, 1, 5, 5], .labels([0, 2]))
    #expect(result.score(0)?.accuracy == 0.5)
    // log 3, and log(2 + exp(-4)).
    let expected = (1.0986122886681098 + 0.7022633214390952) / 2
    #expect(isNearly(result.score(0)?.loss, expected, 1e-14))
  }

  @Test("great logits don't overflow")
  func overflow() {
    let classes = scored(.classes(2), [3e38, 0, -3e38, 0], .labels([0, 0]))
    #expect(classes.meanLoss(0).map { $0 == Double(Float(3e38)) / 2 } == true)
    let binary = scored(.binary, [3e38, -3e38], .labels([1, 1]))
    #expect(binary.meanLoss(0).map { $0 == Double(Float(3e38)) / 2 } == true)
  }

  @Test("one logit: class 1 above zero, cross-entropy of the sigmoid")
  func binary() {
    let result = scored(.binary, [0, 2, -2, 2], .labels([0, 1, 1, 0]))
    #expect(result.score(0)?.accuracy == 0.5)
    // log 2, log(1 + e^-2), and twice log(1 + e^2)
    let expected = (0.6931471805599453 + 0.1269280110429726 + 2 * 2.1269280110429727) / 4
    #expect(isNearly(result.score(0)?.loss, expected, 1e-14))
  }

  @Test("a regression has the mean squared error and no accuracy")
  func regression() {
    let result = scored(.regression(outputs: 2), [1, 2, 3, 4], .values([1, 4, 0, 4]))
    #expect(result.meanLoss(0) == (2 + 4.5) / 2 && result.score(0) == nil)
    #expect(result.agreement(0, 0) == nil)
  }

  @Test("logits that aren't numbers are never right, and agree with nothing")
  func unusable() {
    let result = scored(
      .classes(2), [.nan, .nan, .infinity, 0, 1, -.infinity], .labels([0, 0, 0]))
    #expect(result.score(0)?.accuracy == 1.0 / 3 && result.agreement(0, 0) == 2.0 / 6)
    #expect(result.meanLoss(0)?.isNaN == true)
  }

  @Test("without labels there is agreement but no score")
  func unlabelled() {
    var result = OutputComparisons(
      task: .classes(2), constructions: [.stream(0), .stream(1)], pairings: [.init(0, 1)])
    result.add([[1, 0, 0, 1], [1, 0, 1, 0]], samples: 2, targets: nil)
    #expect(result.score(0) == nil && result.meanLoss(0) == nil && result.agreement(0, 1) == 0.5)
    #expect(result.pairedOutcomes(0, 1) == nil)
  }

  @Test("files and batches: figures of each file, disentanglement over tasks, paired outcomes")
  func files() {
    // Streams: the edited model, task 0 alone, task 1 alone.
    var result = OutputComparisons(
      task: .classes(2), constructions: [.stream(0), .stream(1), .stream(2)],
      pairings: [.init(0, 1), .init(0, 2)])
    let (zero, one): ([Float], [Float]) = ([1, 0], [0, 1])
    result.add([zero + one, zero + zero, one + one], samples: 2, targets: .labels([0, 0]))
    result.add([one, one, zero], samples: 1, targets: .labels([1]), file: 1)
    result.add([one, zero, one], samples: 1, targets: .labels([0]), file: 1)
    result.add([one + zero, zero + zero, zero + one], samples: 2, targets: .labels([0, 0]))
    #expect(result.samples(0) == 4 && result.samples(1) == 2 && result.samples() == 6)
    #expect(result.score(0, file: 0)?.accuracy == 0.5 && result.score(0, file: 1)?.accuracy == 0.5)
    #expect(result.agreement(0, 1, file: 0) == 0.5 && result.agreement(0, 2, file: 1) == 0.5)
    #expect(result.disentanglementError(edited: 0, tasks: [1, 2]) == 1)
    let outcomes = result.pairedOutcomes(0, 1)
    #expect(outcomes == PairedOutcomes(samples: 6, onlyFirst: 0, onlySecond: 3))
  }

  @Test("the certificate holds below half the margin, and never for unusable logits")
  func certificate() {
    var result = OutputComparisons(
      task: .classes(2), constructions: [.stream(0), .stream(1)],
      certificates: [.init(measured: 0, reference: 1)])
    let reference: [Float] = [4, 0, 4, 0, 4, 0, .nan, 0]
    let measured: [Float] = [2.5, 1.5, 2, 2, .nan, 0, .nan, 0]
    result.add([measured, reference], samples: 4, targets: nil)
    #expect(result.certified(0) == 0.25)
    var binary = OutputComparisons(
      task: .binary, constructions: [.stream(0), .stream(1)], pairings: [.init(0, 1)],
      certificates: [.init(measured: 0, reference: 1)])
    binary.add([[0.1, -0.1], [1, 1]], samples: 2, targets: nil)
    #expect(binary.certified(0) == 0.5 && binary.agreement(0, 1) == 0.5)
  }

  @Test("one-hot rows are labels; what can't be scored is found")
  func targets() {
    #expect(Targets.oneHot([0, 1, 0, 0.5, 0.5, 0], classes: 3) == .labels([1, 0]))
    #expect(Targets.labels([0, 3, -1]).firstUnusable(for: .classes(4), samples: 3) == 2)
    #expect(Targets.labels([0, 2]).firstUnusable(for: .binary, samples: 2) == 1)
    #expect(Targets.labels([0]).firstUnusable(for: .classes(1), samples: 2) == 1)
    #expect(Targets.labels([0]).firstUnusable(for: .regression(outputs: 1), samples: 1) == 0)
    #expect(Targets.values([1, 2, 3]).firstUnusable(for: .regression(outputs: 2), samples: 2) == 1)
    #expect(Targets.values([1, 2]).firstUnusable(for: .regression(outputs: 2), samples: 1) == nil)
  }
}

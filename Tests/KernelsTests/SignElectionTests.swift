import Kernels
import TestSupport
import Testing

/// The steps of consensus against their definition, element by element.
@Suite struct SignElectionTests {
  private let taus: [[Double]]
  private let base: [Double]
  private let weights = [0.3, -0.7, 1.1, 0.5]

  init() {
    var generator = SeededGenerator(seed: 60)
    base = (0..<200).map { _ in .random(in: -1...1, using: &generator) }
    taus = (0..<4).map { k in
      (0..<200).map { i in
        let special: [Double] = [.nan, .infinity, -.infinity, -0.0]
        if i > 190 { return special[(i + k * k) % 4] }
        return Bool.random(using: &generator) ? 0 : .random(in: -1...1, using: &generator)
      }
    }
  }

  private func run(_ start: [Double], _ body: (inout MutableSpan<Double>) -> Void) -> [Double] {
    var result = start
    var span = result.mutableSpan
    body(&span)
    return result
  }

  private func zeros() -> [Double] { [Double](repeating: 0, count: 200) }

  private func bits(_ values: [Double]) -> [UInt64] {
    // A NaN is a NaN, whatever its payload.
    values.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern }
  }

  private func merged(_ isWeighted: Bool, _ zeroIsPositive: Bool) -> [Double] {
    var (votes, sums, totals) = (zeros(), zeros(), zeros())
    for (tau, weight) in zip(taus, weights) {
      votes = run(votes) {
        LinearCombination.addScaled(tau.span, by: isWeighted ? weight : 1, to: &$0)
      }
    }
    for (tau, weight) in zip(taus, weights) {
      var sumSpan = sums.mutableSpan
      var totalSpan = totals.mutableSpan
      SignElection.addAgreeing(
        tau.span, weight: weight, voice: isWeighted ? weight : 1, votes: votes.span,
        zeroIsPositive: zeroIsPositive, to: &sumSpan, &totalSpan)
    }
    return run(base) { SignElection.addMeans(sums.span, over: totals.span, by: 0.9, to: &$0) }
  }

  private func expected(_ i: Int, _ isWeighted: Bool, _ zeroIsPositive: Bool) -> Double {
    let pairs = zip(taus, weights)
    let vote = pairs.reduce(0) { $0 + (isWeighted ? $1.1 : 1) * $1.0[i] }
    let agreeing = pairs.filter { tau, weight in
      let part = (isWeighted ? weight : 1) * tau[i]
      if vote == 0, !zeroIsPositive { return false }
      return vote.isNaN || (vote < 0 ? part < 0 : part > 0)
    }
    let sum = agreeing.reduce(0) { $0 + $1.1 * $1.0[i] }
    let total = agreeing.reduce(0) { $0 + $1.1 }
    return base[i] + 0.9 * (total == 0 ? sum : sum / total)
  }

  @Test(arguments: [false, true], [false, true])
  func mergesByDefinition(isWeighted: Bool, zeroIsPositive: Bool) {
    let result = merged(isWeighted, zeroIsPositive)
    let wanted = base.indices.map { expected($0, isWeighted, zeroIsPositive) }
    #expect(bits(result) == bits(wanted))
    #expect(bits(result) == KernelPath.portably { bits(merged(isWeighted, zeroIsPositive)) })
    #expect(result[191...].contains { $0.isNaN })
  }

  @Test(arguments: [false, true])
  func trimmedElementsHaveNoSay(zeroIsPositive: Bool) {
    let votes = [1.0, -1, 0, 0, -1]
    let tau = [0.0, -0.0, 2, -2, 3]
    var (sums, totals) = ([Double](repeating: 0, count: 5), [Double](repeating: 0, count: 5))
    var sumSpan = sums.mutableSpan
    var totalSpan = totals.mutableSpan
    SignElection.addAgreeing(
      tau.span, weight: 0.5, voice: 0.5, votes: votes.span, zeroIsPositive: zeroIsPositive,
      to: &sumSpan, &totalSpan)
    let agreed = zeroIsPositive ? 1.0 : 0
    #expect(sums == [0, 0, agreed, 0, 0] && totals == [0, 0, agreed / 2, 0, 0])
  }

  @Test func stepsInPlace() {
    for count in 0...70 {
      let (x, y) = (Array(base[..<count]), Array(taus[0][..<count]))
      let body = {
        let difference = run(x) { LinearCombination.subtract(y.span, from: &$0) }
        #expect(difference == zip(x, y).map { $0 - $1 })
        let product = run(x) { LinearCombination.scale(&$0, by: 0.3) }
        #expect(product == x.map { $0 * 0.3 })
        #expect(run(x) { LinearCombination.scale(&$0, by: 1) } == x)
      }
      body()
      KernelPath.portably(body)
    }
  }

  @Test func masksKeepByProbability() {
    var generator = SeededGenerator(seed: 61)
    for count in [0, 1, 7, 64, 200] {
      let values = Array(base[..<count])
      let numbers = values.map { _ in Double.random(in: 0..<1, using: &generator) }
      let rates = values.indices.map { [0, 1, 0.3, 0.7][$0 % 4] }
      let body = {
        for rate in [0, 0.4, 1] {
          let result = run(values) {
            RandomMask.apply(to: &$0, numbers: numbers.span, keeping: rate)
          }
          #expect(bits(result) == bits(values.indices.map { numbers[$0] < rate ? values[$0] : 0 }))
        }
        for rescaling in [false, true] {
          let result = run(values) {
            RandomMask.apply(
              to: &$0, numbers: numbers.span, keeping: rates.span, rescaling: rescaling)
          }
          let expected = values.indices.map { i in
            numbers[i] < rates[i] ? (rescaling ? values[i] / rates[i] : values[i]) : 0
          }
          #expect(bits(result) == bits(expected))
        }
      }
      body()
      KernelPath.portably(body)
    }
  }
}

import Testing

@testable import Recipes

/// Values along the layers, by hand.
struct GradientTests {
  private func numbers(_ values: Double...) -> Gradient {
    Gradient(values: values.map(ParameterValue.number))
  }

  @Test func oneValueIsTheSameEverywhere() {
    for position in [0, 0.3, 1] { #expect(numbers(7).value(at: position) == .number(7)) }
  }

  @Test(arguments: [
    (0.0, 0.0), (0.25, 1.5), (0.125, 0.75), (0.5, 3.0), (0.75, 2.0), (1.0, 1.0),
  ])
  func numbersAreInterpolated(position: Double, expected: Double) {
    #expect(numbers(0, 3, 1).value(at: position) == .number(expected))
  }

  @Test func theEndsAreExact() {
    let values = [0.1, 0.7, 0.3, 0.9]
    let gradient = Gradient(values: values.map(ParameterValue.number))
    #expect(gradient.value(at: 0) == .number(0.1))
    #expect(gradient.value(at: 1) == .number(0.9))
  }

  @Test(arguments: [(0.0, true), (0.49, true), (0.5, false), (0.99, false), (1.0, true)])
  func truthsArePicked(position: Double, expected: Bool) {
    let gradient = Gradient(values: [.truth(true), .truth(false), .truth(true)])
    #expect(gradient.value(at: position) == .truth(expected))
  }

  @Test func wordsAndWholeNumbersArePicked() {
    #expect(Gradient(values: [.text("l1"), .text("none")]).value(at: 0.9) == .text("l1"))
    #expect(Gradient(values: [.integer(1), .integer(9)]).value(at: 0.9) == .integer(1))
  }

  @Test(arguments: [-1.0, 2.0, .nan, .infinity, -.infinity])
  func positionsBeyondTheEndsHaveNoTrap(position: Double) {
    #expect(numbers(1, 2).value(at: position) != nil)
    #expect(Gradient(values: []).value(at: position) == nil)
  }
}

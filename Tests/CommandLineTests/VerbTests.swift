import TestSupport
import Testing

/// What each verb computes, told by relations between the verbs' outputs.
struct VerbTests {
  private let bench: Workbench
  private let a = Sample.cnn("task-a-1")
  private let b = Sample.cnn("task-b")
  private let base = Sample.cnn("pretrained")
  /// Samples trained by different optimizers keep different state.
  private let optimizer = "*optimizer*"

  init() throws {
    bench = try Workbench()
  }

  private func same(_ first: String, _ second: String, within tolerance: Double = 0) throws -> Bool
  {
    try bench.areEqual(first, second, tolerance: tolerance, excluding: optimizer)
  }

  @Test func theSoupOfAFileWithItselfIsThatFile() throws {
    try bench.done("soup", a, a, a, "-o", "o.h5")
    #expect(try same(a, "o.h5"))
  }

  @Test func theUniformSoupIsTheMidpoint() throws {
    try bench.done("soup", a, b, "-o", "soup.h5")
    try bench.done("interpolate", a, b, "--alpha", "0.5", "-o", "half.h5")
    #expect(try same("soup.h5", "half.h5"))
    #expect(try !same("soup.h5", a))
  }

  @Test func theOrderOfTheSourcesDoesNotChangeASoup() throws {
    let c = Sample.cnn("task-a-3")
    try bench.done("soup", a, b, c, "-o", "1.h5")
    try bench.done("soup", c, a, b, "-o", "2.h5")
    #expect(try same("1.h5", "2.h5"))
  }

  @Test func weightsAreNormalisedUnlessForbidden() throws {
    try bench.done("soup", a, b, "--weights", "3,1", "-o", "3-1.h5")
    try bench.done("soup", a, b, "--weights", "0.75,0.25", "--no-normalize", "-o", "raw.h5")
    try bench.done("lerp", a, b, "--alpha", "0.75", "-o", "line.h5")
    #expect(try same("3-1.h5", "raw.h5", within: 1e-6))
    #expect(try same("3-1.h5", "line.h5", within: 1e-6))
    try bench.done("soup", a, b, "--weights", "1,1", "--no-normalize", "-o", "sum.h5")
    #expect(try !same("sum.h5", "3-1.h5", within: 1e-3))
  }

  @Test func alphaMultipliesTheFirst() throws {
    try bench.done("interpolate", a, b, "--alpha", "1", "-o", "a.h5")
    try bench.done("interpolate", a, b, "--alpha", "0", "-o", "b.h5")
    #expect(try same("a.h5", a))
    #expect(try same("b.h5", b))
  }

  @Test func lerpIsInterpolate() throws {
    try bench.done("interpolate", a, b, "--alpha", "0.3", "-o", "1.h5")
    try bench.done("lerp", a, b, "--alpha", "0.3", "-o", "2.h5")
    #expect(try bench.folder.bytes("1.h5") == bench.folder.bytes("2.h5"))
  }

  @Test func numbersMayBeNegative() throws {
    let x = Sample.mlp("task-a-3")
    let y = Sample.mlp("task-b")
    let pt = Sample.mlp("pretrained")
    try bench.done("lerp", x, y, "--alpha", "-0.5", "-o", "1.h5")
    try bench.done("soup", x, y, "--weights", "-0.5,1.5", "-o", "2.h5")
    #expect(try same("1.h5", "2.h5", within: 1e-6))
    try bench.done("add", "--base", pt, x, "--scale", "-1", "-o", "3.h5")
    try bench.done("negate", "--base", pt, x, "-o", "4.h5")
    #expect(try same("3.h5", "4.h5"))
    try bench.done("add", "--base", pt, x, y, "--scales", "-1,2", "-o", "5.h5")
    try bench.done("negate", "--base", pt, x, y, "--scales", "1,-2", "-o", "6.h5")
    try bench.done("add", "--base", pt, x, y, "--scales=-1,2", "-o", "7.h5")
    #expect(try same("5.h5", "6.h5"))
    #expect(try same("5.h5", "7.h5"))
  }

  @Test func addingATaskVectorToItsBaseGivesTheTunedModel() throws {
    try bench.done("task-vector", b, "--base", base, "-o", "tau.h5")
    try bench.done("add", "--base", base, "tau.h5", "-o", "added.h5")
    #expect(try same("added.h5", b, within: 1e-6))
    #expect(try bench.inspect("tau.h5").metadata["ctl_merge"]?.contains("task-vector") == true)
  }

  @Test func aTunedModelStandsForItsTaskVector() throws {
    try bench.done("task-vector", b, "--base", base, "-o", "tau.h5")
    for verb in ["add", "negate"] {
      try bench.done(verb, "--base", base, b, "--scale", "0.3", "-o", "\(verb)-model.h5")
      try bench.done(verb, "--base", base, "tau.h5", "--scale", "0.3", "-o", "\(verb)-tau.h5")
      #expect(try same("\(verb)-model.h5", "\(verb)-tau.h5", within: 1e-6))
    }
  }

  @Test func negatingNothingGivesTheBase() throws {
    try bench.done("negate", "--base", base, b, "--scale", "0", "-o", "o.h5")
    #expect(try same("o.h5", base))
  }

  @Test func patternsChooseWhatIsMerged() throws {
    let x = Sample.mlp("task-a-3")
    let y = Sample.mlp("task-b")
    let names = try bench.inspect(x).tensors.map(\.name)
    let chosen = try #require(names.first)
    try bench.done("soup", x, y, "--include", chosen, "-o", "one.h5")
    let run = try bench.run("diff", x, "one.h5", "--json")
    #expect(try run.json(Difference.self).different.map(\.name) == [chosen])
    try bench.done("soup", x, y, "--exclude", chosen, "-o", "rest.h5")
    let others = try bench.run("diff", x, "rest.h5", "--json").json(Difference.self)
    #expect(others.different.map(\.name).sorted() == names.filter { $0 != chosen }.sorted())
  }

  @Test func threadsDoNotChangeAByte() throws {
    try bench.done("soup", a, b, "--threads", "1", "-o", "1.h5")
    try bench.done("soup", a, b, "--threads", "7", "-o", "7.h5")
    #expect(try bench.folder.bytes("1.h5") == bench.folder.bytes("7.h5"))
  }
}

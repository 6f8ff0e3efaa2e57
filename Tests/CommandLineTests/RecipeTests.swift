import TestSupport
import Testing

/// `run`, `recipe` and `reproduce` on the shipped recipes and networks.
struct RecipeTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// A recipe over copies of networks that lie in the bench's folder.
  private func write(_ text: String, to name: String = "recipe.yaml") throws {
    try bench.folder.write(Array(text.utf8), to: name)
  }

  private func soup(_ sources: [String], extra: String = "") -> String {
    "merge_method: linear\nmodels:\n"
      + sources.map { "  - model: \($0)\n    parameters: {weight: 1}\n" }.joined() + extra
  }

  @Test func aRecipeIsTheVerb() throws {
    let a = Sample.mlp("task-a-1")
    let b = Sample.mlp("task-b")
    let base = Sample.mlp("pretrained")
    try write(
      """
      merge_method: ties
      base_model: \(base)
      models:
        - {model: \(a), parameters: {density: 0.3, weight: 2}}
        - {model: \(b), parameters: {density: 0.5, weight: 1}}
      """)
    let run = try bench.run("run", "recipe.yaml", "-o", "recipe.h5")
    #expect(run.code == 0, "\(run)")
    let verb = try bench.run(
      "ties", "--base", base, a, b, "--density", "0.3,0.5", "--weights", "2,1", "-o", "verb.h5")
    #expect(verb.code == 0, "\(verb)")
    #expect(try bench.run("diff", "recipe.h5", "verb.h5").code == 0)
  }

  @Test func mergesWithinMergesEqualThoseThatWereStored() throws {
    let (a, b, c) = (Sample.mlp("task-a-1"), Sample.mlp("task-a-2"), Sample.mlp("task-b"))
    try write(
      """
      recipes:
        both: {merge_method: linear, models: [\(a), \(b)], parameters: {weight: 1}}
      merge_method: slerp
      models: [both, \(c)]
      parameters: {t: 0.25}
      """)
    let run = try bench.run("run", "recipe.yaml", "-o", "nested.h5", "--dtype", "float64")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.run("soup", a, b, "-o", "both.h5", "--dtype", "float64").code == 0)
    let stored = try bench.run(
      "slerp", "both.h5", c, "--t", "0.25", "-o", "stored.h5", "--dtype", "float64")
    #expect(stored.code == 0, "\(stored)")
    #expect(try bench.run("diff", "nested.h5", "stored.h5", "--tolerance", "1e-15").code == 0)
  }

  @Test func anOutputTellsItsRecipeAndIsReproduced() throws {
    #expect(try bench.shell("cp '\(Sample.mlp("task-a-1"))' a.h5").code == 0)
    #expect(try bench.shell("cp '\(Sample.mlp("task-a-2"))' b.h5").code == 0)
    let text = soup(["a.h5", "b.h5"], extra: "# until here\n")
    try write(text)
    let run = try bench.run("run", "recipe.yaml", "-o", "out.h5", "--dtype", "float16")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.run("recipe", "out.h5").text == text)
    let again = try bench.run("reproduce", "out.h5")
    #expect(again.code == 0, "\(again)")
    #expect(try bench.shell("cp a.h5 b.h5").code == 0)
    let other = try bench.run("reproduce", "out.h5")
    #expect(other.code == 2 && other.errors.contains("SHA-256 differs"), "\(other)")
    let verb = try bench.run("soup", "a.h5", "b.h5", "-o", "verb.h5")
    #expect(verb.code == 0, "\(verb)")
    #expect(try bench.run("recipe", "verb.h5").code == 2)
  }

  @Test func severalOutputsGoIntoAFolder() throws {
    let (a, b) = (Sample.mlp("task-a-1"), Sample.mlp("task-b"))
    try write(
      """
      merge_method: interpolate
      models: [\(a), \(b)]
      parameters: {alpha: 0.5}
      outputs: [{name: x.h5, parameters: {alpha: 0.25}}, {name: y.h5}]
      """)
    let run = try bench.run("run", "recipe.yaml", "-o", "sweep")
    #expect(run.code == 0, "\(run)")
    for (name, alpha) in [("x", "0.25"), ("y", "0.5")] {
      #expect(
        try bench.run("interpolate", a, b, "--alpha", alpha, "-o", "\(name)-verb.h5").code == 0)
      #expect(try bench.run("diff", "sweep/\(name).h5", "\(name)-verb.h5").code == 0)
      #expect(try bench.run("reproduce", "sweep/\(name).h5").code == 0)
    }
  }

  @Test func slicesPutLayersOfTwoModelsTogether() throws {
    let (a, b) = (Sample.mlp("task-a-1"), Sample.mlp("task-b"))
    try write(
      """
      merge_method: passthrough
      slices:
        - sources: [{model: \(a), layer_range: [0, 1]}]
        - sources: [{model: \(b), layer_range: [1, 3]}]
      """)
    let run = try bench.run("run", "recipe.yaml", "-o", "sliced.h5")
    #expect(run.code == 0, "\(run)")
    let toA = try bench.run("diff", "sliced.h5", a)
    #expect(toA.code == 1 && !toA.text.contains("hidden_1/kernel"), "\(toA)")
    let toB = try bench.run("diff", "sliced.h5", b)
    #expect(toB.code == 1 && !toB.text.contains("hidden_2/kernel"), "\(toB)")
  }

  @Test(arguments: [
    ("merge_method: slrp\nmodels: [a.h5, b.h5]\n", "did you mean 'slerp'"),
    ("merge_method: linear\nmodles: [a.h5]\n", "did you mean 'models'"),
    ("merge_method: [\n", "recipe.yaml"),
    ("", "recipe.yaml"),
    ("merge_method: linear\nmodels: [nowhere.h5]\nparameters: {weight: 1}\n", "nowhere.h5"),
  ])
  func mistakesAreNamedBeforeAnythingIsWritten(text: String, names: String) throws {
    try write(text)
    let run = try bench.run("run", "recipe.yaml", "-o", "out.h5")
    #expect(run.code == 2 && run.errors.contains(names), "\(run)")
    #expect(try bench.shell("test -e out.h5").code == 1)
  }

  @Test func optionsThatRecipesSayAreRefused() throws {
    try write(soup([Sample.mlp("task-a-1"), Sample.mlp("task-b")]))
    let run = try bench.run("run", "recipe.yaml", "-o", "out.h5", "--exclude", "*bias")
    #expect(run.code == 64 && run.errors.contains("action: copy"), "\(run)")
  }
}

/// The verbs of merge methods, as the shell sees them.
struct MethodVerbTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  static let based = [
    "ties", "dare-linear", "dare-ties", "della-linear", "della-ties", "breadcrumbs",
    "breadcrumbs-ties", "sce", "model-stock",
  ]
  static let plain = ["multislerp", "karcher", "geometric-median", "ema"]

  @Test(arguments: based, ["paper", "mergekit"])
  func methodsWithABaseMakeSoundModels(verb: String, compat: String) throws {
    let run = try bench.run(
      verb, "--base", Sample.mlp("pretrained"), Sample.mlp("task-a-1"), Sample.mlp("task-a-2"),
      "--compat", compat, "-o", "out.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.run("verify", "out.h5").code == 0)
  }

  @Test(arguments: plain)
  func methodsWithoutABaseMakeSoundModels(verb: String) throws {
    let run = try bench.run(
      verb, Sample.cnn("task-a-1"), Sample.cnn("task-b"), "-o", "out.h5")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.run("verify", "out.h5").code == 0)
  }

  @Test(arguments: [
    ["slerp", "a.h5"], ["slerp", "a.h5", "b.h5", "c.h5"], ["ties", "a.h5"],
    ["ties", "--base", "p.h5", "a.h5", "--density", "2"], ["ema", "a.h5", "--decay", "7"],
    ["nuslerp", "a.h5", "b.h5", "--row-wise"], ["ties", "--base", "p.h5", "a.h5", "--trim", "no"],
    ["nuslerp", "a.h5", "b.h5", "--weights", "1,-1"],
  ])
  func wrongArgumentsAreUsageErrors(arguments: [String]) throws {
    for name in ["a", "b", "c", "p"] {
      #expect(try bench.shell("cp '\(Sample.mlp("task-a-1"))' \(name).h5").code == 0)
    }
    let run = try bench.run(arguments + ["-o", "out.h5"])
    #expect(run.code == 64, "\(run)")
  }

  @Test func thePlanTellsPasses() throws {
    let run = try bench.run(
      "slerp", Sample.mlp("task-a-1"), Sample.mlp("task-a-2"), "-o", "x.h5", "--dry-run", "--json")
    #expect(run.code == 0 && run.text.contains(#/"passes"\s*:\s*2/#), "\(run)")
  }
}

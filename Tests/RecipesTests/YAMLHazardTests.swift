import Checkpoints
import Testing

@testable import Recipes

/// Texts that harm careless readers end in an error, quickly.
struct YAMLHazardTests {
  private let merge = "merge_method: linear\nmodels: [{model: a, parameters: {weight: 1}}]\n"

  @Test(arguments: [
    "", " \n", "---\n", "---\n---\n", "null", "# only a comment\n", "[]", "[1, 2]", "text",
    "a: b: c",
    "a: [", "a: {", "\"", "'", "- a\nb: c", "\tmerge_method: linear", "a:\n\tb: c", "&a", "*a", "*",
    "&a [*a]", "? [a]\n: b", "{{a: b}: c}", "!!python/object:os.system x", "%YAML 9.9\n---\na: b",
    "a: \u{0}", "a: \u{7}", "a: \"\\uD800\"", "a: \"\\x00\"", "merge_method: {}", "models: 1",
    "<<: 1", "<<: [1]", "a: 1\na: 2", "a: &x {b: 1}\nc: *y", "!", "!<", "@", "`", "--- |\n", "...",
    "merge_method: [linear]", "merge_method: ~", "merge_method: ''", "? ", "? a", ": a",
  ])
  func whatIsNoRecipeIsRefused(text: String) {
    let error = #expect(throws: CheckpointError.self) { _ = try recipe(text) }
    #expect(error?.file?.hasPrefix("r.yaml") == true)
    #expect(error?.exitCode == 2)
  }

  @Test(arguments: [[0xFF, 0xFE], [0x61, 0x3A, 0x20, 0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func whatIsNoTextIsRefused(bytes: [UInt8]) {
    #expect(throws: CheckpointError.self) { _ = try Recipe(parsing: bytes, file: "r.yaml") }
  }

  @Test(arguments: ["[", "{a: ", "- ", "? ", "[a: ", "{? "], [65, 900, 5000, 100_000])
  func deepNestingIsRefused(opening: String, count: Int) {
    let text = String(repeating: opening, count: count)
    #expect(throws: CheckpointError.self) { _ = try recipe(text) }
  }

  @Test func deepNestingThatCloses() {
    for count in [60, 400, 999] {
      let text =
        merge + "parameters: {weight: " + String(repeating: "[", count: count)
        + String(repeating: "]", count: count) + "}\n"
      #expect(throws: CheckpointError.self) { _ = try recipe(text) }
    }
  }

  @Test func aliasesThatGrowAreRefused() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1..<12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = #expect(throws: CheckpointError.self) { _ = try recipe(text) }
    #expect(error?.fact.contains("aliases") == true)
    // As a key they would be hashed, which takes as long as writing them out.
    #expect(throws: CheckpointError.self) { _ = try recipe(text + "? *a11\n: x\n") }
  }

  @Test func aliasesAndMergeKeysAreResolved() throws {
    let recipe = try recipe(
      """
      merge_method: ties
      base_model: b
      models:
        - model: x
          parameters: &p {weight: 0.5, density: 0.25}
        - model: y
          parameters: {<<: *p, weight: 2}
        - model: z
          parameters: *p
      """)
    let sources = try #require(recipe.merges.first?.slices.first).sources
    func value(_ source: Int, _ name: String) -> ParameterValue? {
      sources[source].parameters[name]?.cases.first?.gradient.values.first
    }
    #expect(value(1, "weight") == .number(2))
    #expect(value(1, "density") == .number(0.25))
    #expect(value(2, "weight") == .number(0.5))
  }

  @Test func aTextThatIsTooLongIsRefused() {
    #expect(fault(merge + "#" + String(repeating: "x", count: 1 << 20)).contains("1,048,576"))
  }

  @Test func aKeyThatStandsTwiceIsNamedWithItsLine() {
    let text = fault(merge + "parameters: {normalize: true}\nparameters: {normalize: false}\n")
    #expect(text.contains("'parameters'"))
    #expect(text.contains("twice"))
  }

  @Test(arguments: [
    ".inf", "-.inf", ".nan", "1e999", "true", "abc", "0x10", "1_000", "1:30", "[]", "~",
  ])
  func whatIsNoFiniteNumberIsRefused(value: String) {
    let text = "merge_method: linear\nmodels: [{model: a, parameters: {weight: \(value)}}]\n"
    #expect(!fault(text).isEmpty)
  }

  @Test(arguments: [
    ("1", 1.0), ("+1", 1), ("-0.5", -0.5), ("1e-5", 1e-5), ("1E+2", 100), (".5", 0.5), ("5.", 5),
    ("'0.25'", 0.25), ("-.5", -0.5),
  ])
  func numbersAreRead(value: String, expected: Double) throws {
    let text =
      "merge_method: task_arithmetic\nbase_model: b\nmodels: [{model: a, parameters: {weight: \(value)}}]\n"
    #expect(try resolve(text).tensor("model.norm.weight").numbers("weight") == [nil, expected])
  }

  @Test func everyPrefixOfARecipeIsARecipeOrAnError() {
    let whole = Array(
      (merge + "rules: [{match: '*', action: copy}]\noutputs: [{name: a}]\nsources: {a: &x 'b'}\n")
        .utf8)
    for end in whole.indices {
      _ = try? Recipe(parsing: Array(whole[..<end]), file: "r.yaml")
    }
    for place in whole.indices {
      for byte in [0x00, 0x22, 0x26, 0x2A, 0x3A, 0x5B, 0x7B, 0x80, 0x0A, 0x09] as [UInt8] {
        var changed = whole
        changed[place] = byte
        _ = try? Recipe(parsing: changed, file: "r.yaml")
      }
    }
  }
}

import Checkpoints
import Testing

@testable import Recipes

/// Each mistake is named with its place and a way out, before anything is read.
struct RecipeErrorTests {
  /// A recipe that is right but for what a test changes.
  private func linear(_ rest: String = "", source: String = "{weight: 1}") -> String {
    "merge_method: linear\nmodels:\n  - model: a\n    parameters: \(source)\n  - model: b\n    parameters: {weight: 1}\n\(rest)"
  }

  @Test func theRecipeWithoutAMistakeIsRight() {
    #expect(fault(linear()) == "")
  }

  @Test(arguments: [
    (
      "merge_metod: ties",
      "r.yaml:7: merge_metod: is no key that is known here; did you mean 'merge_method'?"
    ),
    ("out_type: float16", "did you mean 'out_dtype'?"),
    (
      "dtype: float61",
      "r.yaml:7: dtype: 'float61' is no type of an output; did you mean 'float64'?"
    ),
    ("dtype: int64", "r.yaml:7: dtype"),
    (
      "parameters: {normalise: true}",
      "parameters.normalise: is no parameter of linear; did you mean 'normalize'?"
    ),
    (
      "parameters: {density: 0.5}",
      "parameters.density: is no parameter of linear; there are: weight, normalize"
    ),
    ("parameters: {normalize: 1.5}", "parameters.normalize: is '1.5', not true or false"),
    ("parameters: {weight: [1, {value: 2}]}", "parameters.weight[0]: is '1', not a mapping"),
    ("parameters: {weight: [[1]]}", "parameters.weight[0]: is a list, not a number"),
    ("parameters: {weight: {filter: x}}", "has no value"),
    ("parameters: {weight: [{value: 1}, {filter: x, value: 2}]}", "is never reached"),
    ("parameters: {weight: {filter: x, valu: 2}}", "did you mean 'value'?"),
    ("parameters: [1]", "parameters: is a list, not a mapping"),
    ("slices: []", "has models and slices"),
    ("strict: perhaps", "strict: is 'perhaps', not true or false"),
    ("compat: merge-kit", "did you mean 'mergekit'?"),
    ("chat_template: auto", "isn't written by this program"),
    ("tokenizer_source: union", "'union' merges vocabularies"),
    ("tokenizer: {source: base, tokens: {}}", "changes a vocabulary"),
    ("tokenizer: {source: base}\ntokenizer_source: base", "stands beside tokenizer"),
    ("rules: [{match: '*'}]", "rules[0]: changes nothing"),
    ("rules: [{action: copy}]", "rules[0]: has no match"),
    ("rules: [{match: '*', action: cpoy}]", "did you mean 'copy'?"),
    ("rules: [{match: '*', action: copy, method: slerp}]", "stands beside action: copy"),
    ("rules: [{match: '[', action: copy}]", "has a [ without its ]"),
    ("rules: [{match: 're:(', action: copy}]", "is no regular expression"),
    ("rules: [{match: '*', method: sleep}]", "'sleep' is no merge method; did you mean 'slerp'?"),
    ("rules: [{match: '*', method: ties}]", "rules[0]: needs a base for ties"),
    (
      "rules: [{match: '*', method: passthrough}]",
      "rules[0]: has 2 sources; passthrough takes exactly 1"
    ),
    ("outputs: []", "is an empty list"),
    ("outputs: [{parameters: {}}]", "has no name"),
    ("outputs: [{name: x}, {name: x}]", "is the name of two outputs"),
    ("outputs: [{name: ../x}]", "isn't the name of a file"),
    ("outputs: [{name: x, parameters: {t: 1}}]", "is no parameter of linear"),
    ("base_model: 'a+lora'", "names a LoRA behind its +"),
    ("base_model: 'a@main'", "names a revision of a hub behind its @"),
    ("base_model: {model: a, lora: b}", "names a LoRA; merge it first"),
    ("base_model: {model: {path: a, revision: x}}", "names a revision of a hub"),
    ("base_model: {recipe: x}", "'x' is no recipe of this file"),
    ("modules: {a: {}, b: {}}", "has models and modules"),
  ])
  func aMistakeIsNamed(rest: String, expected: String) {
    let text = fault(linear(rest + "\n"))
    #expect(text.contains(expected), "\(text)")
    #expect(text.hasPrefix("r.yaml:"))
  }

  @Test(arguments: [
    (
      "{wieght: 1}",
      "r.yaml:4: models[0].parameters.wieght: is no parameter of linear; did you mean 'weight'?"
    ),
    ("{normalize: true}", "belongs to the merge, not to one source"),
    ("{weight: -1}", "has weights that sum to 0 for the tensor lm_head.weight (-1.0, 1.0)"),
    ("{weight: [{filter: norm, value: -1}, {value: 1}]}", "for the tensor model.norm.weight"),
    (
      "{weight: [{filter: norm, value: 2}]}",
      "models[0]: has no weight for the tensor lm_head.weight"
    ),
    ("{weight: }", "models[0].parameters.weight: is empty, not a number"),
    ("{weight: {}}", "has no value"),
  ])
  func aMistakeAtASourceIsNamed(source: String, expected: String) {
    let text = fault(linear(source: source))
    #expect(text.contains(expected), "\(text)")
  }

  @Test func cancellingDecimalFractionsSumToZero() {
    let text =
      "merge_method: linear\nmodels: [{model: a, parameters: {weight: 0.1}}, {model: b, parameters: {weight: 0.2}}, {model: c, parameters: {weight: -0.3}}]\n"
    #expect(fault(text).contains("sum to 0"))
    #expect(fault(text + "parameters: {normalize: false}\n") == "")
  }

  @Test(arguments: [
    ("merge_method: dare-tis\nmodels: [a]", "did you mean 'dare-ties'?"),
    ("models: [a]", "has no merge_method"),
    ("merge_method: linear", "has no models"),
    ("merge_method: linear\nmodels: []", "is an empty list"),
    ("merge_method: linear\nmodels: a", "not a list"),
    ("merge_method: linear\nmodels: [{parameters: {}}]", "has no model"),
    ("merge_method: linear\nmodels: [a, a]\nparameters: {weight: 1}", "there already"),
    ("merge_method: ties\nmodels: [a]\nparameters: {weight: 1}", "needs a base for ties"),
    ("merge_method: slerp\nmodels: [a, b, c]\nparameters: {t: 1}", "slerp takes exactly 2"),
    (
      "merge_method: slerp\nmodels: [a, b]\nbase_model: c\nparameters: {t: 1}",
      "slerp takes exactly 2"
    ),
    ("merge_method: slerp\nmodels: [a, b]", "has no t for the tensor"),
    ("merge_method: model_stock\nmodels: [a, b]\nbase_model: b", "model-stock takes at least 2"),
    ("merge_method: nuslerp\nmodels: [a, b]\nparameters: {weight: 0}", "sum to 0"),
    (
      "merge_method: slerp\nbase_model: c\nslices: [{sources: [{model: a, layer_range: [0, 1]}, {model: b, layer_range: [0, 1]}]}]\nparameters: {t: 0}",
      "leaves open which layers of the base"
    ),
    ("merge_method: linear\nmodules: {a: {models: [x]}, b: {models: [x]}}", "names 2 modules"),
    ("merge_method: linear\nmodules: {a: {}}", "needs models or slices"),
    ("merge_method: linear\nslices: [{}]", "has no sources"),
    ("merge_method: linear\nslices: [{sources: [{model: a}]}]", "has no layer_range"),
    ("name: x\nmerge_method: linear\nmodels: [x]", "has no document that is the output"),
    (
      "name: x\nmerge_method: linear\nmodels: [a]\nparameters: {weight: 1}\n---\nmerge_method: linear\nmodels: [x]\nparameters: {weight: 1}\n---\nmerge_method: linear\nmodels: [x]\nparameters: {weight: 1}",
      "second document"
    ),
    (
      "name: x\nstrict: true\nmerge_method: linear\nmodels: [a]\n---\nmerge_method: linear\nmodels: [x]",
      "only used by another"
    ),
  ])
  func aWrongMergeIsNamed(text: String, expected: String) {
    #expect(fault(text + "\n").contains(expected), "\(fault(text + "\n"))")
  }

  @Test(arguments: [
    ("density: 0", "keeps nothing"),
    ("density: 1.5", "outside its range: density is above 0 and at most 1"),
    ("density: -1", "outside its range"), ("gamma: 1", "gamma is at least 0 and below 1"),
    ("rescale: l2", "is 'l2'; did you mean 'l1'?"), ("weight: none", "not a number"),
    ("density: [0.5, 0]", "keeps nothing"), ("lambda: .inf", "isn't finite"),
  ])
  func aValueOutOfRangeIsNamed(parameter: String, expected: String) {
    let text = "merge_method: breadcrumbs\nbase_model: b\nmodels: [a]\nparameters: {\(parameter)}\n"
    #expect(fault(text).contains(expected), "\(fault(text))")
  }

  @Test func probabilitiesBeyondOneAreRefused() {
    let text =
      "merge_method: della\nbase_model: b\nmodels: [a]\nparameters: {weight: 1, density: 0.9}\n"
    #expect(fault(text).contains("probabilities from 0.75 to 1.05"))
    #expect(fault(text.replacing("0.9", with: "0.8")) == "")
    #expect(fault(text.replacing("0.9", with: "1")) == "")
  }

  @Test func aMissingTensorIsNamed() throws {
    let recipe = try recipe(linear())
    let whole = inventory(["x", "y"])
    let error = #expect(throws: CheckpointError.self) {
      _ = try recipe.resolved(with: ["a": whole, "b": inventory(["x"])])
    }
    #expect(error?.description.contains("models[1]: has no tensor y") == true)
    #expect(throws: CheckpointError.self) { _ = try recipe.resolved(with: ["a": whole]) }
  }
}

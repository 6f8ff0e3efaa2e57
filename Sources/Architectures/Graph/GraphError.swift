package import Checkpoints

/// What to do about a configuration that can't be used.
package enum GraphRemedy: String {
  /// Parts contradict each other or are missing.
  case damaged =
    "the configuration is damaged or edited; write it anew with model.to_json()"
  /// The layers are in Python code.
  case subclassed =
    "its layers are in Python code; rebuild the model as keras.Model(inputs, outputs) or Sequential"
  /// The model was never built.
  case unbuilt =
    "build the model before it is saved, as with model.build((None, 28, 28, 1)) or keras.Input first"
  /// It isn't a model's configuration at all.
  case foreign = "give what model.to_json() writes"
  /// There is too much of it.
  case tooLarge = "make a model with fewer calls of nested models"
  /// A call in a form that no layer of ours takes.
  case rewrite = "pass a list of tensors"
}

extension CheckpointError {
  /// An error about a network's configuration.
  package static func graph(
    _ file: String?, _ subject: String?, _ fact: String, _ remedy: GraphRemedy
  ) -> CheckpointError {
    CheckpointError(.unusable, file: file, subject: subject, fact: fact, remedy: remedy.rawValue)
  }
}

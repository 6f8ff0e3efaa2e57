import Checkpoints
import JSON

/// A model's configuration as `config.json` of a `.keras` archive has it.
///
/// Legacy files name the classes of layers; an archive says too in which module of Keras they are. What is
/// there stays as it is.
struct ArchiveConfiguration {
  /// The text.
  let bytes: [UInt8]

  /// Completes a configuration.
  ///
  /// - Throws: ``CheckpointError`` where it isn't JSON, or holds numbers that JSON doesn't have.
  init(_ text: String, file: String) throws(CheckpointError) {
    let json: StrictJSON
    do throws(StrictJSON.Fault) {
      json = try StrictJSON(parsing: Array(text.utf8))
    } catch {
      throw .unusable(
        file, "the model's configuration \(error.fact)",
        remedy: "load the model with Keras and save it with model.save(\"x.keras\")")
    }
    if let name = Self.operation(in: json) {
      throw CheckpointError(
        .unusable, file: file, subject: "layer \(name)",
        fact: "is an operation on tensors, and a legacy file doesn't tell where in Keras it is",
        remedy: "load the model with Keras and save it with model.save(\"x.keras\")")
    }
    bytes = JSONWriter.bytes(of: Self.completed(json))
  }

  /// The name of an operation without its module: it has neither of what every layer has.
  private static func operation(in layer: StrictJSON) -> String? {
    for inner in layer["config"]?["layers"]?.elements ?? [] {
      if let found = operation(in: inner) { return found }
    }
    guard layer["module"] == nil, let config = layer["config"], config["layers"] == nil,
      config["trainable"] == nil, config["dtype"] == nil,
      layer["inbound_nodes"]?.elements?.contains(where: { $0["args"] != nil }) == true
    else { return nil }
    return layer["name"]?.text ?? layer["class_name"]?.text
  }

  /// The members of a layer's `config` that are layers.
  private static let wrapped = ["layer", "forward_layer", "backward_layer", "cell"]

  /// `{"class_name": …, "config": …}` with `module` and `registered_name`.
  private static func completed(_ layer: StrictJSON) -> StrictJSON {
    guard var members = layer.members, let className = layer["class_name"]?.text,
      let config = layer["config"]
    else { return layer }
    let isModel = config["layers"] != nil
    if let place = members.firstIndex(where: { $0.key == Array("config".utf8) }) {
      members[place] = StrictJSON.Member(key: members[place].key, value: inside(config))
      // Keras 2 has a list of axes, of which there is one.
      if className == "BatchNormalization", let axis = config["axis"]?.elements, axis.count == 1 {
        members[place] = StrictJSON.Member(
          key: members[place].key,
          value: .object(
            config.members?.map {
              $0.key == Array("axis".utf8) ? StrictJSON.Member(key: $0.key, value: axis[0]) : $0
            } ?? []))
      }
    }
    guard layer["module"] == nil else { return .object(members) }
    // Before Keras 2.4 functional models were called `Model`.
    let isFunctional = isModel && className != "Sequential"
    if isFunctional, let place = members.firstIndex(where: { $0.key == Array("class_name".utf8) }) {
      members[place] = member("class_name", .string(Array("Functional".utf8)))
    }
    let module = isFunctional ? "keras.src.models.functional" : isModel ? "keras" : "keras.layers"
    members.insert(member("module", .string(Array(module.utf8))), at: 0)
    if layer["registered_name"] == nil {
      members.append(
        member("registered_name", isFunctional ? .string(Array("Functional".utf8)) : .null))
    }
    return .object(members)
  }

  /// A `config` whose layers are completed.
  private static func inside(_ config: StrictJSON) -> StrictJSON {
    guard let members = config.members else { return config }
    return .object(
      members.map { member in
        let key = String(decoding: member.key, as: UTF8.self)
        if key == "layers", let layers = member.value.elements {
          return StrictJSON.Member(key: member.key, value: .array(layers.map(completed)))
        }
        guard wrapped.contains(key) else { return member }
        return StrictJSON.Member(key: member.key, value: completed(member.value))
      })
  }

  private static func member(_ key: String, _ value: StrictJSON) -> StrictJSON.Member {
    StrictJSON.Member(key: Array(key.utf8), value: value)
  }
}

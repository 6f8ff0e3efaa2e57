import Checkpoints
import Foundation
import Networks
import TestSupport

/// What Keras computes for one call of a layer; `tools/make-layer-vectors` writes them.
struct LayerVector: Sendable, CustomStringConvertible {
  /// Values with their shape.
  struct Values: Sendable {
    let shape: [Int]
    let elements: [Float]
    var array: FloatArray { FloatArray(shape, elements) }
  }

  /// A weight as Keras knows it.
  struct Weight: Sendable {
    let name: String
    let storePath: String
    let isTrainable: Bool
    let values: Values
  }

  /// Data, and the layer that Keras put between them and the call.
  struct Input: Sendable {
    let values: Values
    let front: LayerConfiguration?
    let frontWeights: [Values]
  }

  let name: String
  let layer: LayerConfiguration
  let inputs: [Input]
  let arguments: [JSONValue]
  let keywords: [String: JSONValue]
  let weights: [Weight]
  let outputs: [Values]
  let mask: Values?

  var description: String { name }

  /// Where the vectors are: a file a table.
  static let folder = Repository.root + "/Tests/NetworksTests/Vectors/Layers"

  /// The tables that have a file.
  static let tables: [String] = names(in: folder, suffix: ".json")

  /// The tables that the vectors are made from.
  static let sources: [String] = names(
    in: Repository.root + "/tools/python/layer_vectors/tables", suffix: ".py"
  ).filter { $0 != "__init__" }

  /// All cases of all tables.
  static let all: [LayerVector] = tables.flatMap { table -> [LayerVector] in
    guard
      let cases = JSONValue(parsing: String(decoding: contents(of: table), as: UTF8.self))?.array
    else { return [] }
    return cases.compactMap(LayerVector.init)
  }

  /// The cases that the files hold, read or not: one a line between brackets.
  static let lineCount: Int = tables.map { table in
    contents(of: table).split(separator: UInt8(ascii: "\n")).count - 2
  }.reduce(0, +)

  private static func contents(of table: String) -> Data {
    FileManager.default.contents(atPath: "\(folder)/\(table).json") ?? Data()
  }

  private static func names(in folder: String, suffix: String) -> [String] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }.sorted()
  }

  init?(_ value: JSONValue) {
    guard let name = value["name"]?.string,
      let layer = Self.configuration(value["layer"], name: "layer"),
      let inputs = value["inputs"]?.array, let arguments = value["arguments"]?.array,
      let keywords = value["keywords"]?.object, let outputs = value["outputs"]?.array
    else { return nil }
    self.name = name
    self.layer = layer
    self.inputs = inputs.compactMap { input in
      guard let values = Values(input) else { return nil }
      return Input(
        values: values, front: Self.configuration(input["front"]?["layer"], name: "front"),
        frontWeights: (input["front"]?["weights"]?.array ?? []).compactMap(Values.init))
    }
    self.arguments = arguments
    self.keywords = keywords
    self.weights = (value["weights"]?.array ?? []).compactMap { weight in
      guard let values = Values(weight), let name = weight["name"]?.string,
        let path = weight["store"]?.string, let isTrainable = weight["trainable"]?.bool
      else { return nil }
      return Weight(name: name, storePath: path, isTrainable: isTrainable, values: values)
    }
    self.outputs = outputs.compactMap(Values.init)
    self.mask = value["mask"].flatMap(Values.init)
    guard self.inputs.count == inputs.count, self.outputs.count == outputs.count,
      self.weights.count == value["weights"]?.array?.count ?? 0
    else { return nil }
  }

  private static func configuration(_ value: JSONValue?, name: String) -> LayerConfiguration? {
    guard let className = value?["class_name"]?.string, let values = value?["config"]?.object
    else { return nil }
    let module = value?["module"]?.string
    return LayerConfiguration(
      name: name, className: className, values: values, module: module,
      isOperation: module?.contains(".ops.") ?? false)
  }
}

extension LayerVector.Values {
  init?(_ value: JSONValue) {
    guard let shape = value["shape"]?.array?.compactMap(\.int), let text = value["values"]?.string,
      let data = Data(base64Encoded: text), data.count == 4 * shape.reduce(1, *)
    else { return nil }
    self.shape = shape
    self.elements = stride(from: 0, to: data.count, by: 4).map { start in
      Float(
        bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[start + $1]) << (8 * UInt32($1)) })
    }
  }
}

import Checkpoints

/// Reads one value of a parameter.
enum ValueReading {
  /// The value, if one of the methods that know the parameter takes it.
  ///
  /// - Parameters:
  ///   - field: The scalar.
  ///   - parameters: The parameter as each of the methods knows it; not empty.
  /// - Returns: The value.
  /// - Throws: ``CheckpointError`` with the first method's objection where none takes it.
  static func value(
    _ field: RecipeField, anyOf parameters: [ParameterSpecification]
  ) throws(CheckpointError) -> ParameterValue {
    var first: CheckpointError?
    for parameter in parameters {
      do throws(CheckpointError) {
        return try value(field, parameter)
      } catch {
        first = first ?? error
      }
    }
    throw first ?? field.place.fault("belongs to no method")
  }

  private static func value(
    _ field: RecipeField, _ parameter: ParameterSpecification
  ) throws(CheckpointError) -> ParameterValue {
    guard case .scalar(let text, _) = field.node.content, !field.isNull else {
      throw wrong(field, parameter)
    }
    switch parameter.kind {
    case .number:
      guard let number = YAMLScalar.number(text) else { throw wrong(field, parameter) }
      if let fact = parameter.objection(to: .number(number)) { throw field.place.fault(fact) }
      return .number(number)
    case .integer:
      guard let number = YAMLScalar.integer(text) else { throw wrong(field, parameter) }
      if let fact = parameter.objection(to: .integer(number)) { throw field.place.fault(fact) }
      return .integer(number)
    case .truth:
      guard let truth = YAMLScalar.truth(text) else { throw wrong(field, parameter) }
      return .truth(truth)
    case .word(let words, let whenTrue, let whenFalse):
      let word = YAMLScalar.truth(text).flatMap { $0 ? whenTrue : whenFalse } ?? text
      guard words.contains(word) else {
        throw field.place.fault(
          "is '\(text)'", remedy: Suggestion.remedy(for: text, among: words))
      }
      return .text(word)
    case .path:
      return .text(try field.text())
    }
  }

  private static func wrong(
    _ field: RecipeField, _ parameter: ParameterSpecification
  ) -> CheckpointError {
    let wanted =
      switch parameter.kind {
      case .number: "a number"
      case .integer: "a whole number"
      case .truth: "true or false"
      case .word(let words, _, _): "one of \(words.joined(separator: ", "))"
      case .path: "the name of a file"
      }
    return field.place.fault(
      "is \(field.node.kind), not \(wanted)", remedy: "\(parameter.name) is \(parameter.summary)")
  }
}

extension ParameterSpecification {
  /// Why a value can't be; nil where it can.
  func objection(to value: ParameterValue) -> String? {
    switch (kind, value) {
    case (.number(let range), .number(let number)):
      if !number.isFinite { return "is \(number), which isn't finite" }
      if range.contains(number) { return nil }
      if name == "density" || name == "select_topk", number == 0 {
        return "is 0, which keeps nothing; \(name) is above 0 and at most 1"
      }
      return "is \(value), outside its range: \(name) is \(range)"
    case (.integer(let low), .integer(let number)):
      return number >= low ? nil : "is \(number), less than \(low)"
    case (.truth, .truth), (.path, .text), (.word, .text): return nil
    default: return "has a value of another kind"
    }
  }
}

import Networks

/// Holds a value against a JSON Schema, as far as the repository's schema uses the language.
///
/// Beyond the standard it reports members that the schema doesn't describe, so that none is forgotten.
struct SchemaChecker {
  let root: JSONValue

  /// Everything that is wrong, each with its place.
  func problems(of value: JSONValue) -> [String] {
    owned(value, root, "$")
  }

  /// The problems of a value, and the members that a schema describes.
  private struct Outcome {
    var problems: [String] = []
    var described: Set<String> = []

    mutating func merge(_ other: Outcome) {
      problems += other.problems
      described.formUnion(other.described)
    }
  }

  /// A value with the whole schema that it has.
  private func owned(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
    let outcome = check(value, schema, place)
    let unknown = Set((value.object ?? [:]).keys).subtracting(outcome.described).sorted()
    return outcome.problems + unknown.map { "\(place).\($0) isn't described" }
  }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> Outcome {
    // Of the verbs' schemas all but one fail here, before the long way through the layers.
    if let verb = schema["properties"]?["verb"], let member = value["verb"] {
      let problems = plainProblems(member, verb, "\(place).verb")
      if !problems.isEmpty { return Outcome(problems: problems) }
    }
    var outcome = Outcome()
    if let reference = schema["$ref"]?.string {
      let name = reference.split(separator: "/").last.map(String.init) ?? ""
      guard let definition = root["$defs"]?[name] else {
        return Outcome(problems: ["\(reference) isn't defined"])
      }
      outcome.merge(check(value, definition, place))
    }
    for part in schema["allOf"]?.array ?? [] { outcome.merge(check(value, part, place)) }
    for word in ["anyOf", "oneOf"] {
      guard let choices = schema[word]?.array else { continue }
      var tried: [Outcome] = []
      var fitting: [Outcome] = []
      for choice in choices where word == "oneOf" || fitting.isEmpty {
        let result = check(value, choice, place)
        tried.append(result)
        if result.problems.isEmpty { fitting.append(result) }
      }
      if let first = fitting.first, fitting.count == 1 {
        outcome.merge(first)
      } else {
        // What the closest choice lacks tells most.
        let closest = tried.min { $0.problems.count < $1.problems.count }?.problems ?? []
        outcome.problems.append("\(place): \(fitting.count) choices fit; \(closest.prefix(3))")
      }
    }
    outcome.problems += plainProblems(value, schema, place)
    outcome.merge(members(value, schema, place))
    return outcome
  }

  private func plainProblems(
    _ value: JSONValue, _ schema: JSONValue, _ place: String
  ) -> [String] {
    var problems: [String] = []
    if let type = schema["type"] {
      let names = type.array?.compactMap(\.string) ?? [type.string].compactMap { $0 }
      if !names.contains(where: { has(value, type: $0) }) {
        problems.append("\(place) is no \(names)")
      }
    }
    if let values = schema["enum"]?.array, !values.contains(value) {
      problems.append("\(place) is none of \(values)")
    }
    if let constant = schema["const"], constant != value {
      problems.append("\(place) isn't \(constant)")
    }
    if let least = schema["minimum"]?.double, let number = value.double, number < least {
      problems.append("\(place) is below \(least)")
    }
    return problems
  }

  private func members(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> Outcome {
    var outcome = Outcome()
    if let object = value.object {
      for name in schema["required"]?.array?.compactMap(\.string) ?? [] where object[name] == nil {
        outcome.problems.append("\(place).\(name) is missing")
      }
      for (name, part) in schema["properties"]?.object ?? [:] {
        outcome.described.insert(name)
        if let member = object[name] {
          outcome.problems += owned(member, part, "\(place).\(name)")
        }
      }
    }
    if let elements = value.array, let part = schema["items"] {
      for (index, element) in elements.enumerated() {
        outcome.problems += owned(element, part, "\(place)[\(index)]")
      }
    }
    return outcome
  }

  private func has(_ value: JSONValue, type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string),
      ("array", .array), ("object", .object):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}

import ArgumentParser
import Checkpoints
import FoundationEssentials
import JSON

/// Other names for tensors.
struct RenamingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Give tensors other names: what the regular expression covers becomes the replacement, in "
        + "which $1 stands for a group (repeatable).", valueName: "regex=>repl"))
  var rename: [String] = []

  @Option(
    help: ArgumentHelp(
      "Give tensors the names of a JSON file: {\"old\": \"new\"}.", valueName: "file"))
  var map: String?

  /// The renaming that the options ask for.
  ///
  /// - Throws: ``CheckpointError`` where a rule can't be read.
  func renaming() throws(CheckpointError) -> Renaming {
    var rules: [@Sendable (TensorName) -> TensorName] = []
    if let map { rules.append(try mapRule(map)) }
    for text in rename { rules.append(try patternRule(text)) }
    return Renaming(rules)
  }

  private func mapRule(
    _ path: String
  ) throws(CheckpointError) -> @Sendable (TensorName) -> TensorName {
    let file = try InputFile.open(path)
    guard let extent = Extent(offset: 0, length: file.size), file.size <= 256 << 20 else {
      throw .unusable(path, "is too large for a map of names")
    }
    let bytes = try file.bytes(extent)
    var names: [TensorName: TensorName] = [:]
    do throws(StrictJSON.Fault) {
      for member in try StrictJSON(parsing: bytes).members ?? [] {
        guard case .string(let new) = member.value else { continue }
        names[TensorName(bytes: member.key)] = TensorName(bytes: new)
      }
    } catch {
      throw .unusable(path, "the map of names \(error.fact)")
    }
    guard !names.isEmpty else {
      throw .unusable(path, "maps no name", remedy: "write JSON such as {\"old\": \"new\"}")
    }
    let map = names
    return { map[$0] ?? $0 }
  }

  private func patternRule(
    _ text: String
  ) throws(CheckpointError) -> @Sendable (TensorName) -> TensorName {
    let subject = "--rename '\(text)'"
    guard let arrow = text.firstRange(of: "=>") else {
      throw CheckpointError(
        .usage, subject: subject, fact: "has no =>", remedy: "write --rename 'REGEX=>REPLACEMENT'")
    }
    let pattern = String(text[..<arrow.lowerBound])
    let replacement = Replacement(String(text[arrow.upperBound...]))
    // Regex isn't Sendable, so each call compiles its own; names are few.
    guard (try? Regex(pattern)) != nil else {
      throw CheckpointError(.usage, subject: subject, fact: "isn't a regular expression")
    }
    return { name in
      // What isn't text can't be matched as text.
      guard let regex = try? Regex(pattern), TensorName(name.text) == name else { return name }
      return TensorName(name.text.replacing(regex) { replacement.text(for: $0.output) })
    }
  }
}

/// The right side of a rule, with `$1` … `$9` for groups and `$0` for all of it.
struct Replacement: Sendable {
  private let template: String

  init(_ template: String) {
    self.template = template
  }

  /// The replacement of one match.
  func text(for output: AnyRegexOutput) -> String {
    var result = ""
    var rest = template[...]
    while let character = rest.popFirst() {
      guard character == "$", let digit = rest.first?.wholeNumberValue, digit < output.count else {
        result.append(character)
        continue
      }
      rest.removeFirst()
      result += output[digit].substring ?? ""
    }
    return result
  }
}

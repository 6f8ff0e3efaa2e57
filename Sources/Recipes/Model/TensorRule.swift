import Checkpoints

/// What holds for the tensors whose names match a pattern.
package struct TensorRule: Sendable {
  /// Where it stands.
  package let place: RecipePlace
  /// The names.
  package let pattern: TensorPattern
  /// Whether the tensor is copied from the template.
  package let copies: Bool
  /// The method; nil for the merge's.
  package let method: MethodSpecification?
  /// Parameters that count before those of sources, slices and the whole.
  package let parameters: ParameterSettings
}

/// A pattern over whole names of tensors: a glob, or `re:` and a regular expression.
package struct TensorPattern: Sendable {
  private enum Matcher: Sendable {
    case glob(Glob)
    case expression(String)
  }

  /// The pattern as it was given.
  package let text: String
  private let matcher: Matcher

  /// A pattern.
  ///
  /// - Throws: ``CheckpointError`` where it can't be read.
  init(_ text: String, at place: RecipePlace) throws(CheckpointError) {
    self.text = text
    guard text.hasPrefix("re:") else {
      do throws(CheckpointError) {
        matcher = .glob(try Glob(text))
      } catch {
        throw place.fault(error.fact, remedy: error.remedy)
      }
      return
    }
    let expression = String(text.dropFirst(3))
    guard !expression.isEmpty, (try? Regex(expression)) != nil else {
      throw place.fault(
        "'\(expression)' is no regular expression", remedy: "check its brackets and backslashes")
    }
    matcher = .expression(expression)
  }

  /// The names among many that match; both kinds are anchored at both ends.
  ///
  /// Regular expressions aren't Sendable, so one is compiled here for all names.
  func matches(among names: [TensorName]) -> Set<TensorName> {
    switch matcher {
    case .glob(let glob):
      return Set(names.filter { glob.matches($0) })
    case .expression(let expression):
      guard let regex = try? Regex(expression) else { return [] }
      return Set(
        names.filter { name in
          guard let match = try? regex.wholeMatch(in: name.text) else { return false }
          return !match.range.isEmpty
        })
    }
  }
}

/// Every merge method by its names.
package enum MethodCatalogue {
  /// All methods.
  package static let methods: [MethodSpecification] =
    linearFamily + sphericalFamily + consensusFamily + exchangeFamily + statisticsFamily

  /// The method of a name: the verb, mergekit's name, or another that is in use.
  package static func method(called word: String) -> MethodSpecification? {
    let folded = folded(word)
    return methods.first { self.folded($0.name) == folded || $0.aliases.contains(folded) }
  }

  /// All names, the verbs first.
  package static var names: [String] { methods.map(\.name) + methods.flatMap(\.aliases) }

  /// A name with underscores for hyphens.
  package static func folded(_ word: String) -> String {
    String(word.map { $0 == "-" ? "_" : $0 })
  }
}

import Foundation
import JSON
import Testing

@testable import Recipes

/// The schema that editors use knows what the reader knows.
struct SchemaTests {
  private func schema() throws -> StrictJSON {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../docs/recipe.schema.json")
    return try StrictJSON(parsing: Array(try Data(contentsOf: file)))
  }

  private func value(_ path: String...) throws -> StrictJSON {
    var value = try schema()
    for key in path {
      value = try #require(value.members?.first { $0.key == Array(key.utf8) }?.value)
    }
    return value
  }

  private func keys(_ value: StrictJSON) throws -> Set<String> {
    Set(try #require(value.members).map { String(decoding: $0.key, as: UTF8.self) })
  }

  @Test func methodsAreTheCatalogues() throws {
    let names = try value("$defs", "method", "enum").elements?.compactMap(\.text) ?? []
    let known =
      MethodCatalogue.names + MethodCatalogue.methods.map { MethodCatalogue.folded($0.name) }
    #expect(Set(names) == Set(known))
    for name in names { #expect(MethodCatalogue.method(called: name) != nil) }
  }

  @Test func parametersAreTheCatalogues() throws {
    let names = try keys(try value("$defs", "parameters", "properties"))
    let known = MethodCatalogue.methods.flatMap(\.parameters).flatMap { [$0.name] + $0.aliases }
    let hyphens = known.map { String($0.map { $0 == "_" ? "-" : $0 }) }
    #expect(names == Set(known + hyphens))
  }

  @Test func keysAreTheReaders() throws {
    // The reader knows chat_template only to refuse it with advice.
    let document = try keys(try value("properties")).union(["chat_template"])
    #expect(document == Set(RecipeReader.documentKeys))
    #expect(try keys(try value("$defs", "merge", "properties")) == Set(MergeReading.keys))
    #expect(
      try keys(try value("$defs", "rules", "items", "properties")) == Set(RuleReading.keys))
  }

  @Test func namesOfMethodsAreUnique() {
    let names = MethodCatalogue.methods.flatMap {
      Set([MethodCatalogue.folded($0.name)] + $0.aliases)
    }
    #expect(Set(names).count == names.count)
    for method in MethodCatalogue.methods {
      let names = method.parameters.flatMap { [$0.name] + $0.aliases }
      #expect(Set(names).count == names.count, "\(method.name)")
    }
  }

  @Test func defaultsAreWithinTheirRanges() {
    for parameter in MethodCatalogue.methods.flatMap(\.parameters) {
      for compatibility in Compatibility.allCases {
        guard let value = parameter.value(in: compatibility) else { continue }
        #expect(parameter.objection(to: value) == nil, "\(parameter.name)")
        if case .word(let words, _, _) = parameter.kind {
          #expect(words.contains(value.description))
        }
      }
    }
  }
}

import Networks
import Testing

@Suite("JSON values")
struct JSONValueTests {
  @Test("members, elements and types are told apart")
  func readsMembers() {
    let value = JSONValue(parsing: #"{"a": [1, 2.5, "x", null, true]}"#)
    #expect(value?["a"]?[0]?.int == 1)
    #expect(value?["a"]?[1]?.int == nil)
    #expect(value?["a"]?[1]?.double == 2.5)
    #expect(value?["a"]?[2]?.string == "x")
    #expect(value?["a"]?[3]?.isNull == true)
    #expect(value?["a"]?[4]?.bool == true)
    #expect(value?["a"]?[5] == nil)
  }

  @Test("what isn't JSON gives nothing")
  func refusesOtherTexts() {
    #expect(JSONValue(parsing: "{") == nil)
    #expect(JSONValue(parsing: String(repeating: "[", count: 100_000)) == nil)
  }
}

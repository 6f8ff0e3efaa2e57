import Testing

@testable import JSON

/// Texts that every reader sees alike are read; all others are refused.
struct StrictJSONTests {
  private func parse(_ text: String) throws -> StrictJSON {
    try StrictJSON(parsing: Array(text.utf8))
  }

  @Test(arguments: [
    ("1", StrictJSON.integer(1)), (" -12 ", .integer(-12)), ("0", .integer(0)),
    ("1.5e+3", .number("1.5e+3")), ("9223372036854775808", .number("9223372036854775808")),
    ("true", .truth(true)), ("false", .truth(false)), ("null", .null), ("[]", .array([])),
    ("{}", .object([])), ("[1, [2]]", .array([.integer(1), .array([.integer(2)])])),
    (#""a\n\"\\\/\u00e9\ud83d\ude00é""#, .string(Array("a\n\"\\/é😀é".utf8))),
    (
      #"{"b":1,"a":{"b":2}}"#,
      .object([
        StrictJSON.Member(key: Array("b".utf8), value: .integer(1)),
        StrictJSON.Member(
          key: Array("a".utf8),
          value: .object([StrictJSON.Member(key: Array("b".utf8), value: .integer(2))])),
      ])
    ),
  ])
  func valuesAreRead(text: String, value: StrictJSON) throws {
    #expect(try parse(text) == value)
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-", "1.",
    "1e", "+1", ".5", "tru", "nul", "1 2", "{} {}", "'a'", "\"a", "\"\u{1}\"", #""\x""#, #""\u12""#,
    #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, "NaN", "Infinity", "[1]]", "\u{FEFF}1", "// a",
  ])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(throws: StrictJSON.Fault.self) { try self.parse(text) }
  }

  @Test(arguments: [#"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"c":1,"d":2,"c":3}}]"#])
  func aKeyThatStandsTwiceIsRefused(text: String) {
    let fault = #expect(throws: StrictJSON.Fault.self) { try self.parse(text) }
    #expect(fault?.fact.contains("twice") == true)
  }

  @Test func composedAndDecomposedKeysAreTwo() throws {
    #expect(try parse("{\"\u{E9}\":1,\"e\u{301}\":2}").members?.count == 2)
  }

  @Test(arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]])
  func textsThatAreNotUnicodeAreRefused(bytes: [UInt8]) {
    #expect(throws: StrictJSON.Fault.self) { try StrictJSON(parsing: bytes) }
  }

  @Test func depthIsLimited() throws {
    func nested(_ count: Int) -> String {
      String(repeating: "[", count: count) + String(repeating: "]", count: count)
    }
    _ = try parse(nested(128))
    for count in [129, 100_000] {
      let fault = #expect(throws: StrictJSON.Fault.self) { try self.parse(nested(count)) }
      #expect(fault?.fact.contains("deeply") == true)
    }
  }

  @Test func whatIsWrittenIsReadAsTheSame() throws {
    let text = #"{"a\"\\\n\t\u0001é":[1,-2,1.5e3,true,null,"x"],"":{}}"#
    let value = try parse(text)
    let written = JSONWriter.bytes(of: value)
    #expect(try StrictJSON(parsing: written) == value)
    #expect(String(decoding: written, as: UTF8.self) == text)
  }
}

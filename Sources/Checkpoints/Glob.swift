/// A pattern over tensor names, anchored at both ends.
///
/// `*` matches any run of bytes, slashes too (names are paths of varying depth: `*/head/*` is all of
/// the head), `?` one byte, `[a-z]` and `[!a-z]` one byte of a set, `\` takes the next byte
/// literally.
public struct Glob: Hashable, Sendable {
  private enum Token: Hashable {
    case literal(UInt8)
    case anyByte
    case set([ClosedRange<UInt8>], negated: Bool)
    case run
  }

  /// The pattern as it was given.
  public let pattern: String
  private let tokens: [Token]

  /// A pattern.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage` where it is empty or a set isn't closed.
  public init(_ pattern: String) throws(CheckpointError) {
    self.pattern = pattern
    let bytes = Array(pattern.utf8)
    guard !bytes.isEmpty else {
      throw CheckpointError(.usage, subject: "pattern", fact: "is empty")
    }
    var tokens: [Token] = []
    var place = 0
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "*"):
        tokens.append(.run)
        place += 1
      case UInt8(ascii: "?"):
        tokens.append(.anyByte)
        place += 1
      case UInt8(ascii: "["):
        guard let (set, next) = Self.set(bytes, from: place) else {
          throw CheckpointError(
            .usage, subject: "pattern \(pattern)", fact: "has a [ without its ]",
            remedy: "write \\[ for the character itself")
        }
        tokens.append(set)
        place = next
      case UInt8(ascii: "\\") where place + 1 < bytes.count:
        tokens.append(.literal(bytes[place + 1]))
        place += 2
      default:
        tokens.append(.literal(bytes[place]))
        place += 1
      }
    }
    self.tokens = tokens
  }

  /// Whether the pattern covers the whole name.
  ///
  /// After a mismatch only the last run is tried again with one more byte: what the earlier runs
  /// could swallow, the last can too, so the time is at most the product of the lengths.
  public func matches(_ name: TensorName) -> Bool {
    let bytes = name.bytes
    var token = 0
    var byte = 0
    var lastRun: (token: Int, byte: Int)?
    while token < tokens.count || byte < bytes.count {
      if token < tokens.count, tokens[token] == .run {
        lastRun = (token, byte)
        token += 1
      } else if token < tokens.count, byte < bytes.count, Self.accepts(tokens[token], bytes[byte]) {
        token += 1
        byte += 1
      } else if let run = lastRun, run.byte < bytes.count {
        lastRun = (run.token, run.byte + 1)
        token = run.token + 1
        byte = run.byte + 1
      } else {
        return false
      }
    }
    return true
  }

  private static func accepts(_ token: Token, _ byte: UInt8) -> Bool {
    switch token {
    case .literal(let wanted): byte == wanted
    case .anyByte: true
    case .set(let ranges, let negated): ranges.contains { $0.contains(byte) } != negated
    case .run: false
    }
  }

  /// Reads a set from its `[`, or nil where it isn't closed.
  private static func set(_ bytes: [UInt8], from start: Int) -> (Token, next: Int)? {
    var place = start + 1
    var negated = false
    if place < bytes.count, bytes[place] == UInt8(ascii: "!") || bytes[place] == UInt8(ascii: "^") {
      negated = true
      place += 1
    }
    var ranges: [ClosedRange<UInt8>] = []
    while place < bytes.count {
      // A ] right behind the [ is a member, as everywhere.
      if bytes[place] == UInt8(ascii: "]"), !ranges.isEmpty {
        return (.set(ranges, negated: negated), place + 1)
      }
      if place + 2 < bytes.count, bytes[place + 1] == UInt8(ascii: "-"),
        bytes[place + 2] != UInt8(ascii: "]"), bytes[place] <= bytes[place + 2]
      {
        ranges.append(bytes[place]...bytes[place + 2])
        place += 3
      } else {
        ranges.append(bytes[place]...bytes[place])
        place += 1
      }
    }
    return nil
  }
}

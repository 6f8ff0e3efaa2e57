package import Checkpoints

/// The comment of an archive, the one place that NumPy and Keras leave alone.
///
/// Attributes stand in lines of their own, `ctl_merge: {...}`; what else there is stays.
package struct ZipComment {
  /// The comment's bytes.
  package let bytes: [UInt8]

  private static let mark = Array("ctl_merge: ".utf8)

  /// A comment as an archive has it.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  private var lines: [ArraySlice<UInt8>] { bytes.split(separator: UInt8(ascii: "\n")) }

  /// The attributes in it, and what else it says as `comment`.
  package var attributes: [Checkpoint.Attribute] {
    var found: [Checkpoint.Attribute] = []
    var rest: [ArraySlice<UInt8>] = []
    for line in lines {
      if line.starts(with: Self.mark) {
        let value = String(decoding: line.dropFirst(Self.mark.count), as: UTF8.self)
        found.append(Checkpoint.Attribute(name: "ctl_merge", value: value))
      } else {
        rest.append(line)
      }
    }
    if !rest.isEmpty {
      let text = String(
        decoding: Array(rest.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
      found.append(Checkpoint.Attribute(name: "comment", value: text))
    }
    return found
  }

  /// The comment with new attributes in the place of those that it had.
  package func with(_ attributes: [Checkpoint.Attribute]) -> ZipComment {
    guard !attributes.isEmpty else { return self }
    let kept = lines.filter { !$0.starts(with: Self.mark) }.map { Array($0) }
    let new = attributes.map { Array("\($0.name): \($0.value)".utf8) }
    return ZipComment(Array((kept + new).joined(separator: [UInt8(ascii: "\n")])))
  }
}

package import Checkpoints

/// A member of an archive that is to be written.
package struct ZipMember: Sendable {
  /// Where its bytes come from.
  package enum Content: Sendable {
    /// From another archive, as they are stored there.
    case copied(ZipEntry)
    /// Bytes that are known now, and behind them as many as `length` that somebody writes later.
    case new(head: [UInt8], length: Int)
  }

  /// What the directory says about a member that readers of tensors don't look at.
  package struct Stamp: Hashable, Sendable {
    /// The system and the version of the specification that the writer followed.
    let madeBy: Int
    /// The time and the date in MS-DOS's form.
    let time: Int
    let date: Int
    /// The rights and kind of the file.
    let attributes: Int
    /// Whether the name is marked as UTF-8; nil for a name that is if it isn't ASCII.
    var isUTF8: Bool?

    /// What Python's `zipfile` writes for a member without a file: 1980, the owner's rights.
    ///
    /// No time of day, so that the same inputs give the same bytes.
    package static let plain = Stamp(madeBy: 0x0314, time: 0, date: 0x21, attributes: 0o600 << 16)
  }

  /// The name.
  package let name: TensorName
  /// Where the bytes come from.
  package let content: Content
  /// What else the directory says.
  let stamp: Stamp
  /// A new member begins at a multiple of this.
  let alignment: Int

  /// The multiple of PyTorch's and NumPy's arrays: no element of their tensors lies across two
  /// pages then, which would cost some per cent of a merge.
  private static let usualAlignment = 64

  /// A member of another archive, unchanged.
  package init(copying entry: ZipEntry) {
    name = entry.name
    content = .copied(entry)
    stamp = entry.stamp
    alignment = 1
  }

  /// A new stored member.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - head: Its first bytes.
  ///   - length: How many bytes follow.
  ///   - template: A member that it is like: with the same stamp and no better aligned, so that
  ///     the archive stays the template's byte for byte but for the values.
  package init(
    _ name: TensorName, head: [UInt8] = [], length: Int, like template: ZipEntry? = nil
  ) {
    self.name = name
    content = .new(head: head, length: length)
    stamp = template?.stamp ?? .plain
    let isAligned = template?.data.offset.isMultiple(of: ZipMember.usualAlignment) ?? true
    alignment = isAligned ? ZipMember.usualAlignment : 1
  }

  /// The method's number.
  var method: Int {
    guard case .copied(let entry) = content else { return 0 }
    return switch entry.method {
    case .stored: 0
    case .deflated: 8
    case .other(let number): number
    }
  }

  /// The bytes that the archive stores.
  var storedSize: Int {
    switch content {
    case .copied(let entry): entry.data.length
    case .new(let head, let length): head.count + length
    }
  }

  /// The bytes before compression.
  var size: Int {
    switch content {
    case .copied(let entry): entry.size
    case .new(let head, let length): head.count + length
    }
  }
}

extension NativeSuperblock {
  /// The change that states another end of the content.
  ///
  /// Source: HDF5 File Format Specification 3.0, section II.A ("End of File Address").
  func endChange(_ end: Int) throws(NotUnderstood) -> RootAnnotation.Change {
    let length = version < 2 ? 8 : 48
    let offset = version < 2 ? (version == 0 ? 40 : 44) : 0
    var changed = MetadataBytes()
    if version >= 2 {
      var window = try file.window(at: 0, count: length)
      changed.append(try window.array(28))
      changed.append(UInt64(end))
      try window.skip(8)
      changed.append(try window.array(8))
      changed.appendChecksum()
    } else {
      changed.append(UInt64(end))
    }
    return RootAnnotation.Change(
      position: try file.position(of: UInt64(offset), count: length), bytes: changed.bytes)
  }
}

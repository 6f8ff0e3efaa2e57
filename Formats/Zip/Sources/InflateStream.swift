import CZlib
package import Checkpoints

/// A deflated member, inflated from front to back in pieces of a bounded size.
///
/// It never gives more bytes than the archive declares, whatever the stream holds: the size is known
/// before the disk is filled, and a stream that goes on is an error.
@safe package final class InflateStream {
  private static let blockSize = 1 << 18

  private let file: InputFile
  private let entry: ZipEntry
  private var stream = unsafe z_stream()
  private var input: [UInt8] = []
  /// How many bytes of `input` the stream has taken.
  private var taken = 0
  private var readPosition: Int
  private var crc: UInt32 = 0
  private var hasEnded = false
  /// The bytes that were given so far.
  package private(set) var count = 0

  /// A stream at its beginning.
  ///
  /// - Parameters:
  ///   - entry: A deflated member.
  ///   - file: The archive.
  /// - Throws: ``CheckpointError`` where no memory is left.
  package init(_ entry: ZipEntry, in file: InputFile) throws(CheckpointError) {
    self.file = file
    self.entry = entry
    readPosition = entry.data.offset
    guard unsafe ctl_inflate_raw_init(&stream) == Z_OK else {
      throw .zip(file, entry.name, "can't be inflated: no memory is left", remedy: nil)
    }
  }

  deinit {
    unsafe inflateEnd(&stream)
  }

  /// The next bytes: `length` of them unless the member ends before.
  ///
  /// - Throws: ``CheckpointError`` where the stream is damaged, longer or shorter than declared, or
  ///   its checksum differs.
  package func next(_ length: Int) throws(CheckpointError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: min(length, entry.size - count))
    var filled = 0
    while filled < output.count {
      let made = try step(&output, from: filled)
      filled += made
      guard made > 0 || !hasEnded else {
        throw .zip(file, entry.name, "inflates to \(count + filled) bytes, not \(entry.size)")
      }
    }
    count += filled
    crc = CRC32.of(unsafe output.span.bytes, after: crc)
    if count == entry.size { try finish() }
    return output
  }

  /// Runs the stream once; gives the number of bytes that it wrote behind `start`.
  private func step(_ output: inout [UInt8], from start: Int) throws(CheckpointError) -> Int {
    if hasEnded { return 0 }
    if taken == input.count {
      let rest = entry.data.end - readPosition
      guard rest > 0, let extent = Extent(offset: readPosition, length: min(rest, Self.blockSize))
      else { throw .zip(file, entry.name, "its compressed bytes end early") }
      input = try file.bytes(extent)
      taken = 0
      readPosition = extent.end
    }
    let room = min(output.count - start, 1 << 30)
    var result = Z_OK
    let made = unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.next_in = source.baseAddress?.advanced(by: taken)
        unsafe stream.avail_in = UInt32(source.count - taken)
        unsafe stream.next_out = target.baseAddress?.advanced(by: start)
        unsafe stream.avail_out = UInt32(room)
        result = unsafe inflate(&stream, Z_NO_FLUSH)
        taken = unsafe source.count - Int(stream.avail_in)
        return unsafe room - Int(stream.avail_out)
      }
    }
    switch result {
    case Z_STREAM_END: hasEnded = true
    case Z_OK, Z_BUF_ERROR: break
    default: throw .zip(file, entry.name, "isn't a valid deflate stream")
    }
    return made
  }

  /// Everything declared was given: the stream has to end here, with the right checksum.
  private func finish() throws(CheckpointError) {
    var spare: [UInt8] = [0]
    while !hasEnded {
      guard try step(&spare, from: 0) == 0 else {
        throw .zip(file, entry.name, "inflates to more than the declared \(entry.size) bytes")
      }
    }
    guard taken == input.count, readPosition == entry.data.end else {
      throw .zip(file, entry.name, "has bytes behind its deflate stream")
    }
    guard crc == entry.crc32 else {
      throw .zip(file, entry.name, "its CRC-32 differs from the archive's")
    }
  }
}

internal import Crypto

/// SHA-256 over the bytes of a file, in hexadecimal digits.
///
/// - Parameter file: The file; a finished output is read through ``StagedFile/reopened()``.
/// - Returns: 64 lower-case digits.
/// - Throws: ``CheckpointError`` where it can't be read.
package func digest(of file: InputFile) throws(CheckpointError) -> String {
  var hash = SHA256()
  let block = 1 << 20
  for offset in stride(from: 0, to: file.size, by: block) {
    guard let extent = Extent(offset: offset, length: min(block, file.size - offset)) else { break }
    hash.update(data: try file.bytes(extent))
  }
  return hexadecimal(hash.finalize())
}

/// Bytes as lower-case hexadecimal digits.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }, as: UTF8.self)
}

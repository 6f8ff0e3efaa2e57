import Checkpoints
import Crypto

/// SHA-256 over the bytes of a finished output, in hexadecimal digits.
///
/// - Throws: ``CheckpointError`` where it can't be read back.
func digest(of output: StagedFile) throws(CheckpointError) -> String {
  let file = try output.reopened()
  var hash = SHA256()
  let block = 1 << 20
  for offset in stride(from: 0, to: file.size, by: block) {
    guard let extent = Extent(offset: offset, length: min(block, file.size - offset)) else { break }
    hash.update(data: try file.bytes(extent))
  }
  return hexadecimal(hash.finalize())
}

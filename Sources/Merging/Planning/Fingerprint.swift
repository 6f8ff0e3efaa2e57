import Checkpoints
import Crypto

/// A digest by which a base is recognised again.
///
/// SHA-256 over the names, types and shapes of the merged tensors, and over the first and last 4 KiB
/// of each one's values. Training changes all values, so samples tell two networks apart, and a
/// fingerprint takes milliseconds where a digest of a large file takes as long as the merge.
func fingerprint(of checkpoint: Checkpoint) throws(CheckpointError) -> String {
  let sampleBytes = 4096
  var hash = SHA256()
  var scratch = ChunkScratch()
  for tensor in checkpoint.tensors where tensor.isMergeable {
    hash.update(data: tensor.name.bytes)
    hash.update(data: Array("\u{0}\(tensor.elementType)\(tensor.shape)".utf8))
    let most = min(tensor.elementCount, sampleBytes / tensor.elementSize)
    let ends = Set([0..<most, tensor.elementCount - most..<tensor.elementCount])
    for range in ends.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
      var bytes = [UInt8](repeating: 0, count: range.count * tensor.elementSize)
      do {
        var span = bytes.mutableSpan
        var target = unsafe span.mutableBytes
        try checkpoint.read(tensor, elements: range, into: &target, scratch: &scratch)
      }
      hash.update(data: bytes)
    }
  }
  return hexadecimal(hash.finalize())
}

package import Checkpoints

/// The filters of chunked data sets, by the numbers under which The HDF Group registers them.
package enum ChunkFilters {
  /// Makes the pipeline of a data set.
  ///
  /// - Parameters:
  ///   - filters: Number and client data of each filter in the order in which they were applied.
  ///   - elementSize: The size of an element in bytes.
  ///   - chunkByteCount: The size of a chunk's elements together.
  /// - Returns: The pipeline, or the reason why the data set can't be read, worded to follow
  ///   "tensor T: ".
  package static func pipeline(
    filters: [(id: Int, parameters: [UInt32])], elementSize: Int, chunkByteCount: Int
  ) -> Result<any ChunkPipeline, ChunkError> {
    var steps: [any ChunkFilter] = []
    // The mask that says which filters were skipped has 32 bits.
    guard filters.count <= 32 else {
      return .failure(ChunkError("has \(filters.count) filters; HDF5 allows 32"))
    }
    for filter in filters {
      switch filter.id {
      case 1: steps.append(DeflateFilter(level: Int(filter.parameters.first ?? 6)))
      case 2:
        let size = filter.parameters.first.map(Int.init) ?? elementSize
        guard size > 0 else { return .failure(ChunkError("shuffle of elements of 0 bytes")) }
        steps.append(ShuffleFilter(elementSize: size))
      case 3: steps.append(Fletcher32Filter())
      case 32000: steps.append(LZFFilter())
      default: return .failure(unsupported(filter.id))
      }
    }
    return .success(FilterPipeline(filters: steps, chunkByteCount: chunkByteCount))
  }

  private static func unsupported(_ id: Int) -> ChunkError {
    let label = wellKnownNames[id].map { "\($0) (\(id))" } ?? "number \(id)"
    return ChunkError(
      "needs HDF5 filter \(label), which isn't supported; rewrite the file with "
        + "h5repack -f GZIP=4 (or -f NONE)")
  }

  /// Filters that occur in practice, so that an error can name them.
  private static let wellKnownNames = [
    4: "szip", 5: "nbit", 6: "scaleoffset", 305: "lzo", 307: "bzip2", 32001: "blosc",
    32004: "lz4", 32008: "bitshuffle", 32013: "zfp", 32015: "zstd", 32017: "sz", 32019: "fcidecomp",
    32024: "sz3", 32026: "blosc2",
  ]
}

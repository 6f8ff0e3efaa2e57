import Checkpoints
import Zip

/// The members of an archive that hold storages, and views of them.
struct TorchStorage {
  let archive: ZipArchive
  /// What stands before `data.pkl` in the members' names.
  let prefix: String
  let byteOrder: ByteOrder
  private let spool: Spool

  init(_ archive: ZipArchive, prefix: String, byteOrder: ByteOrder) {
    self.archive = archive
    self.prefix = prefix
    self.byteOrder = byteOrder
    spool = Spool(purpose: "hold views of \(archive.file.name) in C order")
  }

  /// Where a view's elements lie, or a source that puts them in C order.
  enum Place {
    case inPlace(Extent)
    case reordered(SpoolRange)
  }

  /// Checks a view against its storage and finds its elements.
  ///
  /// - Throws: ``CheckpointError`` where the storage is missing, has another size than the pickle
  ///   says, or the view reaches beyond it.
  func place(
    of tensor: PickledTensor, named name: TensorName
  ) throws(CheckpointError) -> Place {
    let file = archive.file
    let member = TensorName("\(prefix)data/\(tensor.storage.key)")
    func damaged(_ fact: String) -> CheckpointError {
      .unusable(
        file.name, tensor: name, fact,
        remedy: "the file is damaged or was made to mislead; fetch or save it again")
    }
    guard let entry = archive[member] else { throw damaged("its storage \(member) is missing") }
    guard entry.method == .stored else { throw damaged("its storage \(member) is compressed") }
    let size = tensor.elementType.byteCount ?? 1
    let storedSize = tensor.storage.elementType == nil ? 1 : size
    guard checkedProduct([tensor.storage.count, storedSize]) == entry.data.length else {
      throw damaged(
        "its storage has \(entry.data.length) bytes, \(tensor.storage.count) elements by the pickle"
      )
    }
    guard tensor.shape.count == tensor.strides.count, tensor.offset >= 0,
      let count = checkedProduct(tensor.shape), checkedProduct([count, size]) != nil,
      let end = last(of: tensor), end <= entry.data.length / size
    else { throw damaged("is a view that reaches beyond its storage") }
    if isContiguous(tensor) {
      guard
        let extent = Extent(
          offset: entry.data.offset + tensor.offset * size, length: count * size)
      else { throw damaged("lies beyond what can be addressed") }
      return .inPlace(extent)
    }
    return .reordered(reordered(tensor, entry, size: size, count: count))
  }

  /// The position behind the last element of the storage that a view touches; nil on overflow.
  private func last(of tensor: PickledTensor) -> Int? {
    if tensor.shape.contains(0) { return tensor.offset }
    var end = tensor.offset
    for (extent, stride) in zip(tensor.shape, tensor.strides) {
      guard let reach = checkedProduct([extent - 1, stride]) else { return nil }
      let (sum, overflow) = end.addingReportingOverflow(reach)
      if overflow { return nil }
      end = sum
    }
    return end == .max ? nil : end + 1
  }

  private func isContiguous(_ tensor: PickledTensor) -> Bool {
    if tensor.shape.contains(0) { return true }
    var step = 1
    for (extent, stride) in zip(tensor.shape, tensor.strides).reversed() {
      if extent != 1, stride != step { return false }
      step *= extent
    }
    return true
  }

  /// Gathers a view row by row when it is first read.
  private func reordered(
    _ tensor: PickledTensor, _ entry: ZipEntry, size: Int, count: Int
  ) -> SpoolRange {
    let file = archive.file
    return spool.range(length: count * size) { (range) throws(CheckpointError) in
      // The part of the storage that the view touches, which is mostly all of it.
      guard let end = last(of: tensor),
        let extent = Extent(
          offset: entry.data.offset + tensor.offset * size, length: (end - tensor.offset) * size)
      else { return }
      let stored = try file.bytes(extent)
      let rowLength = tensor.shape.last ?? 1
      let rowStride = tensor.strides.last ?? 1
      var row = [UInt8](repeating: 0, count: rowLength * size)
      var position = [Int](repeating: 0, count: max(tensor.shape.count - 1, 0))
      for number in 0..<(count / max(rowLength, 1)) {
        var start = 0
        for (place, stride) in zip(position, tensor.strides) { start += place * stride }
        for column in 0..<rowLength {
          let from = (start + column * rowStride) * size
          row.replaceSubrange(column * size..<(column + 1) * size, with: stored[from..<from + size])
        }
        try range.write(unsafe row.span.bytes, at: number * row.count)
        for axis in position.indices.reversed() {
          position[axis] += 1
          if position[axis] < tensor.shape[axis] { break }
          position[axis] = 0
        }
      }
    }
  }
}

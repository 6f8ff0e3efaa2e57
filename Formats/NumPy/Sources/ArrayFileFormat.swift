public import Checkpoints

/// A `.npy` file: one array.
public struct ArrayFileFormat: CheckpointFormat {
  /// The name of the one tensor, as `numpy.savez` calls an array that was given no name.
  public static let tensorName = TensorName("arr_0")

  /// The format.
  public init() {}

  /// NumPy's name for the format.
  public var name: String { "npy" }

  /// Whether the file begins as arrays do.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    let magic = ArrayHeader.magic
    guard file.size >= magic.count, let extent = Extent(offset: 0, length: magic.count) else {
      return false
    }
    return try file.bytes(extent) == magic
  }

  /// Reads the header.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let header: ArrayHeader
    do throws(ArrayHeader.Fault) {
      let prefix = try ArrayFileFormat.head(of: file, length: ArrayHeader.prefixLength)
      header = try ArrayHeader(
        try ArrayFileFormat.head(of: file, length: try ArrayHeader.length(of: prefix)))
    } catch {
      throw .unusable(
        file.name, error.fact, remedy: "the file is damaged; fetch or save it again")
    }
    let size = header.length.addingReportingOverflow(header.dataSize)
    guard !size.overflow, header.type.isObject || file.size >= size.partialValue else {
      throw .unusable(
        file.name, "truncated: \(file.size) of \(size.partialValue) bytes",
        remedy: "the download or the save was cut short; fetch or save it again")
    }
    guard header.type.isObject || file.size == size.partialValue else {
      throw .unusable(
        file.name, "has \(file.size - size.partialValue) bytes behind its array",
        remedy: "store several arrays in a .npz file with numpy.savez")
    }
    var whole = file
    var offset = header.length
    if header.isFortranOrder, !header.type.isObject {
      let spool = Spool(purpose: "hold the array of \(file.name) in C order")
      let range = ArrayTensor.reordered(header, in: file, at: header.length, spool: spool)
      offset = file.size
      whole = file.joined(with: range, size: range.length)
    }
    guard let data = Extent(offset: offset, length: header.dataSize),
      let tensor = ArrayTensor.make(ArrayFileFormat.tensorName, header, data: data)
    else {
      throw .unusable(file.name, "declares more elements than can be addressed")
    }
    return Checkpoint(
      file: whole, format: name, tensors: [tensor], attributes: [],
      layouter: ArrayFileLayouter())
  }

  private static func head(
    of file: InputFile, length: Int
  ) throws(ArrayHeader.Fault) -> [UInt8] {
    guard let extent = Extent(offset: 0, length: min(length, file.size)), extent.length == length,
      let bytes = try? file.bytes(extent)
    else { throw ArrayHeader.Fault("truncated: the array's header isn't complete") }
    return bytes
  }
}

import Checkpoints
import TestSupport
import Testing

@testable import HDF5

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Files for the tests of HDF5.
enum Fixtures {
  /// The folder of the files that h5py wrote.
  static let vectors = Repository.root + "/Formats/HDF5/Vectors"

  /// Names the program that serves as the worker; each test that surveys calls it.
  static func serve() {
    HDF5Worker.use(executable: BuiltProgram.path)
  }

  static func open(_ vector: String) throws -> InputFile {
    serve()
    return try InputFile.open("\(vectors)/\(vector)")
  }

  /// A folder that is removed after `body`.
  static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/ctl-hdf5-XXXXXX".utf8CString)
    let made = unsafe mkdtemp(&template)
    try #require(unsafe made != nil)
    let folder = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer {
      for name in (try? names(in: folder)) ?? [] { _ = unsafe unlink("\(folder)/\(name)") }
      _ = unsafe rmdir(folder)
    }
    return try body(folder)
  }

  /// The names in a folder, sorted.
  static func names(in folder: String) throws -> [String] {
    let entries = try unsafe #require(unsafe opendir(folder))
    defer { _ = unsafe closedir(entries) }
    var names: [String] = []
    while let entry = unsafe readdir(entries) {
      names.append(
        unsafe withUnsafePointer(to: &entry.pointee.d_name) {
          unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
            unsafe String(cString: $0)
          }
        })
    }
    return names.sorted()
  }

  /// Writes a file and opens it.
  static func file(_ bytes: [UInt8], at path: String) throws -> InputFile {
    let output = try StagedFile.create(.file(path), replacing: true)
    #expect(unsafe writeAll(bytes.span.bytes, to: output.descriptor, at: 0) == nil)
    try output.commit(durably: false)
    return try InputFile.open(path)
  }

  static func bytes(of file: InputFile) throws -> [UInt8] {
    try file.bytes(try #require(Extent(offset: 0, length: file.size)))
  }

  /// The elements of a data set as they stand in the file.
  static func values(of dataset: HDF5Dataset, in file: InputFile) throws -> [UInt8] {
    let shape = try #require(dataset.shape)
    let count = try #require(checkedProduct(shape + [dataset.type.size]))
    switch dataset.storage {
    case .contiguous(let extent): return try file.bytes(extent)
    case .inline(let bytes): return bytes
    case .fill(let element):
      return Array(repeating: element, count: count / element.count).flatMap(\.self)
    case .chunked(let grid):
      var bytes: [UInt8] = []
      for index in 0..<(try #require(checkedProduct(grid.gridShape))) {
        var elements = [UInt8](repeating: 0, count: grid.chunkByteCount)
        if let chunk = grid.chunks[index] {
          try grid.pipeline.decode(
            file.bytes(chunk.extent), filterMask: chunk.filterMask, into: &elements)
        }
        bytes += elements
      }
      return bytes
    case .unsupported: return []
    }
  }
}

extension HDF5Tree {
  func dataset(_ path: String) -> HDF5Dataset? {
    datasets.first { $0.path == TensorName(path) }
  }

  func group(_ path: String) -> HDF5Group? {
    groups.first { $0.path == TensorName(path) }
  }
}

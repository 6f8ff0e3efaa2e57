import Checkpoints
import TestSupport
import Testing
import Zip

@testable import PyTorch

/// Views are checked against the storages that hold them.
struct StorageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func storage(bytes: Int) throws -> TorchStorage {
    let content = (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
    let archive = ZipBuilder([ZipBuilder.Member("a/data/0", content)])
    let file = try FlatFile.file(archive.bytes, at: folder.file("x.pt"))
    return TorchStorage(try ZipArchive(file), prefix: "a/", byteOrder: .little)
  }

  private func tensor(
    _ shape: [Int], _ strides: [Int], offset: Int = 0, count: Int = 10, key: String = "0"
  ) -> PickledTensor {
    let storage = PickledStorage(key: key, elementType: .float32, count: count)
    return PickledTensor(
      storage: storage, elementType: .float32, offset: offset, shape: shape, strides: strides)
  }

  @Test(arguments: [
    ([10], [1], 0), ([2, 5], [5, 1], 0), ([3], [1], 7), ([], [], 9), ([1, 4], [99, 1], 2),
    ([0, 5], [5, 1], 10),
  ])
  func aViewInOrderIsReadInPlace(shape: [Int], strides: [Int], offset: Int) throws {
    let storage = try storage(bytes: 40)
    let place = try storage.place(
      of: tensor(shape, strides, offset: offset), named: TensorName("w"))
    guard case .inPlace(let extent) = place else {
      Issue.record("\(place)")
      return
    }
    #expect(extent.length == shape.reduce(4, *))
  }

  @Test(arguments: [
    ([5, 2], [1, 5], 0, [0, 5, 1, 6, 2, 7, 3, 8, 4, 9]), ([2, 3], [0, 1], 4, [4, 5, 6, 4, 5, 6]),
    ([4], [2], 1, [1, 3, 5, 7]), ([2, 2, 2], [1, 2, 4], 1, [1, 5, 3, 7, 2, 6, 4, 8]),
  ])
  func anyOtherViewIsPutInOrder(
    shape: [Int], strides: [Int], offset: Int, wanted: [Int]
  ) throws {
    let storage = try storage(bytes: 40)
    let place = try storage.place(
      of: tensor(shape, strides, offset: offset), named: TensorName("w"))
    guard case .reordered(let range) = place else {
      Issue.record("\(place)")
      return
    }
    let file = storage.archive.file.replaced(by: range, size: range.length)
    let firsts = stride(from: 0, to: range.length, by: 4)
    let bytes = try FlatFile.bytes(of: file)
    #expect(firsts.map { Int(bytes[$0]) / 4 } == wanted)
  }

  static let wrong: [(PickledTensor, String)] = {
    func tensor(_ shape: [Int], _ strides: [Int], _ offset: Int, _ count: Int, _ key: String)
      -> PickledTensor
    {
      PickledTensor(
        storage: PickledStorage(key: key, elementType: .float32, count: count),
        elementType: .float32, offset: offset, shape: shape, strides: strides)
    }
    return [
      (tensor([11], [1], 0, 10, "0"), "beyond"), (tensor([10], [1], 1, 10, "0"), "beyond"),
      (tensor([2], [10], 0, 10, "0"), "beyond"), (tensor([2], [-1], 5, 10, "0"), "beyond"),
      (tensor([2], [1], -1, 10, "0"), "beyond"), (tensor([2, 2], [1], 0, 10, "0"), "beyond"),
      (tensor([-1], [1], 0, 10, "0"), "beyond"),
      (tensor([1 << 62, 8], [0, 0], 0, 10, "0"), "beyond"),
      (tensor([2], [Int.max], 1, 10, "0"), "beyond"),
      (tensor([10], [1], 0, 11, "0"), "11 elements"), (tensor([1], [1], 0, 1, "7"), "missing"),
    ]
  }()

  @Test(arguments: wrong.indices)
  func aViewThatLiesIsRefused(index: Int) throws {
    let (tensor, words) = Self.wrong[index]
    let storage = try storage(bytes: 40)
    let error = #expect(throws: CheckpointError.self) {
      try storage.place(of: tensor, named: TensorName("w"))
    }
    #expect(error?.kind == .unusable && error?.fact.contains(words) == true, "\(error?.fact ?? "")")
  }
}

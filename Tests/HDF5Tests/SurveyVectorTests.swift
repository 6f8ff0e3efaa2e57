import Checkpoints
import FoundationEssentials
import Testing

@testable import HDF5

/// Surveys of files that h5py wrote, compared with what h5py says about them.
struct SurveyVectorTests {
  struct Expectation: Decodable {
    struct Tensor: Decodable {
      let name: String
      let dtype: String
      let shape: [Int]?
      let storage: String?
      let aliasOf: String?
    }

    let tensors: [Tensor]
    let optional: [String]
  }

  static let names = [
    "attributes", "chunked", "contiguous", "dense", "floats", "growing", "integers", "matlab",
    "names", "nonfinite", "ordered", "records", "state-dict", "tied", "version-1.8", "version-1.10",
  ]

  @Test(arguments: names)
  func surveyAgreesWithH5py(name: String) throws {
    let json = try Fixtures.bytes(of: Fixtures.open("\(name).json"))
    let decoder = JSONDecoder()
    // Python writes Infinity.
    decoder.allowsJSON5 = true
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let expected = try decoder.decode(Expectation.self, from: Data(json))
    let tree = try HDF5Tree.survey(Fixtures.open("\(name).h5"))
    var found: [TensorName: HDF5Dataset] = [:]
    for dataset in tree.datasets {
      for path in [dataset.path] + dataset.aliases { found[path] = dataset }
    }
    for tensor in expected.tensors {
      let name = TensorName(tensor.name)
      let known = found.removeValue(forKey: name)
      let dataset = try #require(known, "\(name)")
      #expect(dataset.type.element.description == tensor.dtype, "\(name)")
      #expect(dataset.shape == tensor.shape, "\(name)")
      if let storage = tensor.storage, !dataset.isUnsupported {
        #expect(dataset.storage.label == storage, "\(name)")
      }
      if let original = tensor.aliasOf { #expect(dataset.path == TensorName(original)) }
    }
    // What h5py can't describe either.
    for name in expected.optional { found[TensorName(name)] = nil }
    #expect(found.isEmpty)
  }

  @Test func groupsLinksAndOrderAreFound() throws {
    let tied = try HDF5Tree.survey(Fixtures.open("tied.h5"))
    #expect(tied.group("first")?.aliases == [TensorName("second")])
    #expect(Set(tied.softLinks.map(\.path.text)) == ["soft", "soft_to_nothing"])
    let matlab = try HDF5Tree.survey(Fixtures.open("matlab.h5"))
    #expect(matlab.userBlockSize == 512)
    let ordered = try HDF5Tree.survey(Fixtures.open("ordered.h5"))
    #expect(ordered.groups.contains { $0.tracksCreationOrder })
    #expect(try HDF5Tree.survey(Fixtures.open("version-1.10.h5")).superblockVersion == 3)
  }

  @Test func noElementsAreContiguous() throws {
    let tree = try HDF5Tree.survey(Fixtures.open("contiguous.h5"))
    let empty = try #require(tree.dataset("empty"))
    #expect(empty.shape == [3, 0, 2])
    guard case .contiguous(let extent) = empty.storage else {
      Issue.record("\(empty.storage.label)")
      return
    }
    #expect(extent.length == 0)
  }

  @Test(arguments: [
    ("external-link", "external link"), ("external-storage", "external storage"),
    ("virtual", "virtual"), ("newer", "written by a newer HDF5"), ("truncated", "truncated: "),
    ("text", "isn't an HDF5 file"), ("empty", "isn't an HDF5 file"),
  ])
  func unsupportedFilesAreNamed(name: String, reason: String) throws {
    let file = try Fixtures.open("refused/\(name).h5")
    let error = #expect(throws: CheckpointError.self) { try HDF5Tree.survey(file) }
    #expect(error?.file == file.name)
    #expect(error?.fact.contains(reason) == true, "\(String(describing: error))")
  }

  @Test(arguments: [("zstd", "32015"), ("scale-offset", "scaleoffset")])
  func unsupportedFiltersAreNamed(name: String, reason: String) throws {
    let tree = try HDF5Tree.survey(Fixtures.open("refused/\(name).h5"))
    let reasons = tree.datasets.compactMap { dataset -> String? in
      if case .unsupported(let reason) = dataset.storage { reason } else { nil }
    }
    #expect(reasons.contains { $0.contains(reason) })
  }
}

extension HDF5Dataset {
  /// Whether only the layout can be told, not the values.
  fileprivate var isUnsupported: Bool {
    if case .unsupported = storage { true } else { false }
  }
}

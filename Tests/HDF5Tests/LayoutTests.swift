import Checkpoints
import Testing

@testable import HDF5

/// New files like a template's: the same tree, other types or storage.
struct LayoutTests {
  /// Lays out an output and hands over both files with their trees.
  private func relayOut(
    _ name: String, _ request: (HDF5Tree) -> HDF5Layout.Request,
    _ body: (_ old: (HDF5Tree, InputFile), _ new: (HDF5Tree, InputFile)) throws -> Void
  ) throws {
    let template = try Fixtures.open(name)
    let tree = try HDF5Tree.survey(template)
    try Fixtures.withFolder { folder in
      let output = try StagedFile.create(.file("\(folder)/out.h5"), replacing: false)
      let told = try HDF5Layout.relayOut(
        template: template, tree: tree, to: output, request(tree))
      try output.commit(durably: false)
      let file = try InputFile.open("\(folder)/out.h5")
      let result = try HDF5Tree.survey(file)
      #expect(zip(told.datasets, result.datasets).allSatisfy { $0.hasSamePlace(as: $1) })
      try body((tree, template), (result, file))
    }
  }

  private func expectSameTree(_ old: HDF5Tree, _ new: HDF5Tree) {
    #expect(new.userBlockSize == old.userBlockSize)
    #expect(new.groups.map(\.path) == old.groups.map(\.path))
    #expect(new.groups.map(\.aliases) == old.groups.map(\.aliases))
    #expect(new.groups.map(\.tracksCreationOrder) == old.groups.map(\.tracksCreationOrder))
    #expect(new.datasets.map(\.path) == old.datasets.map(\.path))
    #expect(new.datasets.map(\.aliases) == old.datasets.map(\.aliases))
    #expect(new.datasets.map(\.shape) == old.datasets.map(\.shape))
    #expect(new.softLinks.map(\.path) == old.softLinks.map(\.path))
    #expect(new.softLinks.map(\.target) == old.softLinks.map(\.target))
    #expect(new.namedTypes.map(\.path) == old.namedTypes.map(\.path))
    for (left, right) in zip(old.groups, new.groups) {
      expectSame(left.attributes, right.attributes)
    }
    for (left, right) in zip(old.datasets, new.datasets) {
      expectSame(left.attributes, right.attributes)
    }
  }

  private func expectSame(_ old: [HDF5Attribute], _ new: [HDF5Attribute]) {
    #expect(old.map(\.name) == new.map(\.name))
    #expect(old.map(\.type) == new.map(\.type))
    #expect(old.map(\.shape) == new.map(\.shape))
    #expect(old.map(\.value) == new.map(\.value))
  }

  @Test(arguments: [
    "chunked", "contiguous", "floats", "integers", "names", "nonfinite", "ordered",
    "state-dict", "tied", "version-1.8", "version-1.10",
    "../../Keras/Vectors/keras1-full", "../../Keras/Vectors/keras2-full-adam",
    "../../Keras/Vectors/keras3-full-adam", "../../Keras/Vectors/keras3-long-names",
    "../../Keras/Vectors/keras3-bfloat16.weights",
  ])
  func aCopyIsTheSameTreeWithTheSameValues(name: String) throws {
    try relayOut("\(name).h5", { _ in HDF5Layout.Request() }) { old, new in
      expectSameTree(old.0, new.0)
      for (left, right) in zip(old.0.datasets, new.0.datasets) {
        #expect(left.type == right.type)
        #expect(left.layout == right.layout)
        let before = try Fixtures.values(of: left, in: old.1)
        let after = try Fixtures.values(of: right, in: new.1)
        #expect(before == after, "\(left.path)")
      }
    }
  }

  @Test(arguments: [ElementType.float64, .float16, .bfloat16, .float32])
  func typesChange(element: ElementType) throws {
    for name in ["tied", "floats", "ordered", "chunked"] {
      try relayOut(
        "\(name).h5",
        { tree in
          HDF5Layout.Request(
            replacements: Dictionary(
              uniqueKeysWithValues: tree.datasets.indices.filter {
                tree.datasets[$0].type.element.isFloatingPoint
              }.map { ($0, .init(elementType: element, storage: .contiguous)) }))
        }
      ) { old, new in
        #expect(new.0.datasets.map(\.path) == old.0.datasets.map(\.path))
        #expect(new.0.datasets.map(\.aliases) == old.0.datasets.map(\.aliases))
        for (left, right) in zip(old.0.datasets, new.0.datasets)
        where left.type.element.isFloatingPoint {
          #expect(right.type.element == element)
          #expect(right.type.byteOrder == .little)
          #expect(right.layout == .contiguous)
          let count = checkedProduct((right.shape ?? []) + [right.type.size])
          switch right.storage {
          case .contiguous(let extent): #expect(extent.length == count)
          default: #expect(count == 0)
          }
          let isNamed = right.attributes.contains { $0.name == TensorName("dtype") }
          #expect(isNamed == (element == .bfloat16))
        }
      }
    }
  }

  @Test func chunksAndFiltersAreKept() throws {
    try relayOut(
      "chunked.h5",
      { tree in
        HDF5Layout.Request(
          replacements: Dictionary(
            uniqueKeysWithValues: tree.datasets.indices.map {
              ($0, .init(elementType: .float64, storage: .keep))
            }), attributes: [Checkpoint.Attribute(name: "recipe", value: "é")])
      }
    ) { old, new in
      #expect(new.0.groups[0].attributes.last?.text == "é")
      for (left, right) in zip(old.0.datasets, new.0.datasets) {
        #expect(right.type.element == .float64)
        guard case .chunked(let oldShape, let oldFilters) = left.layout,
          case .chunked(let newShape, let newFilters) = right.layout
        else {
          Issue.record("\(right.path) isn't chunked")
          continue
        }
        #expect(newShape == oldShape)
        #expect(newFilters.map(\.id) == oldFilters.map(\.id))
        for filter in newFilters where filter.id == 2 { #expect(filter.parameters == [8]) }
        guard case .chunked = right.storage else {
          Issue.record("\(right.path) has no grid")
          continue
        }
      }
    }
  }

  @Test func groupsAreDroppedWithAllBelow() throws {
    try relayOut(
      "tied.h5", { _ in HDF5Layout.Request(dropped: [TensorName("decoder"), TensorName("soft")]) }
    ) { old, new in
      #expect(old.0.group("decoder") != nil)
      #expect(new.0.group("decoder") == nil)
      #expect(!new.0.datasets.contains { $0.path.text.hasPrefix("decoder/") })
      #expect(new.0.softLinks.map(\.path.text) == ["soft_to_nothing"])
      #expect(new.0.groups.count == old.0.groups.count - 1)
    }
  }

  @Test func referencesAreRefused() throws {
    let template = try Fixtures.open("records.h5")
    let tree = try HDF5Tree.survey(template)
    try Fixtures.withFolder { folder in
      let output = try StagedFile.create(.file("\(folder)/out.h5"), replacing: false)
      let error = #expect(throws: CheckpointError.self) {
        _ = try HDF5Layout.relayOut(
          template: template, tree: tree, to: output, HDF5Layout.Request())
      }
      #expect(error?.fact.contains("references") == true)
    }
  }
}

import Checkpoints
import Testing

@testable import HDF5

/// Attributes are added to finished files without moving a data set.
struct AnnotationTests {
  static let added = [
    Checkpoint.Attribute(
      name: "recipe",
      value: "soup of a and b, größer than 64 bytes " + String(repeating: "x", count: 5000)),
    Checkpoint.Attribute(name: "note", value: ""),
  ]

  @Test(arguments: [
    "attributes", "chunked", "contiguous", "matlab", "ordered", "tied", "version-1.8",
    "version-1.10",
  ])
  func dataSetsStayWhereTheyAre(name: String) throws {
    let template = try Fixtures.open("\(name).h5")
    let before = try HDF5Tree.survey(template)
    let bytes = try Fixtures.bytes(of: template)
    try Fixtures.withFolder { folder in
      let path = "\(folder)/out.h5"
      let output = try StagedFile.create(.file(path), replacing: false)
      #expect(unsafe writeAll(bytes.span.bytes, to: output.descriptor, at: 0) == nil)
      try HDF5Layout.addRootAttributes(Self.added, to: output, checking: before)
      // Again: an attribute of the same name is replaced.
      try HDF5Layout.addRootAttributes(Self.added, to: output)
      try output.commit(durably: false)

      let file = try InputFile.open(path)
      let after = try HDF5Tree.survey(file)
      let root = try #require(after.groups.first)
      for attribute in Self.added {
        let found = root.attributes.filter { $0.name == TensorName(attribute.name) }
        #expect(found.map(\.text) == [attribute.value])
      }
      #expect(root.attributes.count == before.groups[0].attributes.count + Self.added.count)
      for attribute in before.groups[0].attributes {
        #expect(
          root.attributes.contains { $0.name == attribute.name && $0.value == attribute.value })
      }
      for (left, right) in zip(before.datasets, after.datasets) {
        #expect(left.hasSamePlace(as: right))
        #expect(try Fixtures.values(of: left, in: template) == Fixtures.values(of: right, in: file))
      }
      #expect(before.datasets.count == after.datasets.count)
      let block = after.userBlockSize
      #expect(try Fixtures.bytes(of: file)[..<block] == bytes[..<block])
    }
  }
}

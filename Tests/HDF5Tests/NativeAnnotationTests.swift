import Checkpoints
import TestSupport
import Testing

@testable import HDF5

/// Attributes that are added without libhdf5, as libhdf5 sees them afterwards.
struct NativeAnnotationTests {
  static let added = [
    Checkpoint.Attribute(name: "ctl_merge", value: #"{"method":"soup","note":"größer"}"#),
    Checkpoint.Attribute(name: "empty", value: ""),
  ]

  /// Files whose root keeps its attributes in a heap.
  static let dense = ["version-1.10.h5"]

  /// Every file of the repository whose root keeps its attributes in the header.
  @Test(arguments: NativeVectorTests.folders)
  func theLibraryFindsThemAndEverythingElse(folder: String) throws {
    for name in try Fixtures.names(in: folder) where name.hasSuffix(".h5") {
      if (NativeVectorTests.listedWrongly + Self.dense).contains(name) { continue }
      let file = try InputFile.open("\(folder)/\(name)")
      try Self.annotate(Fixtures.bytes(of: file), times: 1, "\(name)")
    }
  }

  /// Both kinds of headers, with and without the order of creation.
  @Test(arguments: ["nonfinite", "ordered", "version-1.8", "matlab"])
  func manyRoundsReplaceTheSameAttributes(name: String) throws {
    try Self.annotate(Fixtures.bytes(of: Fixtures.open("\(name).h5")), times: 30, name)
  }

  /// Version 3 of the superblock differs from version 2 in the meaning of its flags only.
  @Test func theNewestSuperblockIsSealedAgain() throws {
    var bytes = try Fixtures.bytes(of: Fixtures.open("version-1.8.h5"))
    bytes[8] = 3
    var head = MetadataBytes()
    head.append(bytes[..<44])
    head.appendChecksum()
    bytes.replaceSubrange(..<48, with: head.bytes)
    try Self.annotate(bytes, times: 2, "superblock 3")
  }

  @Test func longTextsHaveACollectionOfTheirSize() throws {
    let bytes = try Fixtures.bytes(of: Fixtures.open("attributes.h5"))
    for count in [4047, 4048, 4049, 4056, 4064, 4080, 100_000] {
      let text = Checkpoint.Attribute(name: "text", value: String(repeating: "y", count: count))
      try Self.annotate(bytes, [text], times: 2, "\(count) letters")
    }
  }

  /// Nine attributes in a header of version 2 would be more than it keeps; some are in a heap.
  @Test func whatDoesNotFitIsLeftToTheLibrary() throws {
    let many = (0..<9).map { Checkpoint.Attribute(name: "a\($0)", value: "\($0)") }
    try Fixtures.withFolder { folder in
      let bytes = try Fixtures.bytes(of: Fixtures.open("version-1.8.h5"))
      let output = try Self.output(bytes, in: folder)
      #expect(try !NativeAnnotator.add(many, to: output, sparing: []))
      #expect(try Fixtures.bytes(of: output.reopened()) == bytes)
      try HDF5Layout.addRootAttributes(many, to: output)
      let root = try #require(try HDF5Tree.survey(output.reopened()).groups.first)
      for attribute in many {
        #expect(root.attributes.contains { $0.name == TensorName(attribute.name) })
      }
      let heap = try Fixtures.bytes(of: Fixtures.open("version-1.10.h5"))
      #expect(try !NativeAnnotator.add(Self.added, to: Self.output(heap, in: folder), sparing: []))
    }
  }

  /// Bytes behind the end of the content would be overwritten.
  @Test func bytesBehindTheEndAreLeftToTheLibrary() throws {
    try Fixtures.withFolder { folder in
      let bytes = try Fixtures.bytes(of: Fixtures.open("tied.h5")) + [1, 2, 3]
      let output = try Self.output(bytes, in: folder)
      #expect(try !NativeAnnotator.add(Self.added, to: output, sparing: []))
    }
  }

  /// In a damaged file a data set may claim the root group's header.
  @Test func valuesInTheHeaderAreNotTouched() throws {
    let bytes = try Fixtures.bytes(of: Fixtures.open("contiguous.h5"))
    try Fixtures.withFolder { folder in
      let output = try Self.output(bytes, in: folder)
      let dataset = try #require(
        try HDF5Tree.survey(output.reopened()).datasets.first { dataset in
          if case .contiguous = dataset.storage { true } else { false }
        })
      let thief = HDF5Dataset(
        path: dataset.path, aliases: [], address: dataset.address, type: dataset.type,
        shape: [4], attributes: [], layout: .contiguous,
        storage: .contiguous(try #require(Extent(offset: 90, length: 16))))
      #expect(try !NativeAnnotator.add(Self.added, to: output, sparing: [thief]))
      #expect(try Fixtures.bytes(of: output.reopened()) == bytes)
    }
  }

  /// Flips in the root group: added and then sound for the library, or left to it, never a trap.
  @Test(arguments: [("nonfinite", 0..<136), ("version-1.8", 0..<200), ("ordered", 96..<400)])
  func damagedRootsAreSurvived(name: String, range: Range<Int>) throws {
    let original = try Fixtures.bytes(of: Fixtures.open("\(name).h5"))
    var count = 0
    try Fixtures.withFolder { folder in
      for place in range {
        for mask: UInt8 in [0x01, 0x10, 0xFF] {
          var bytes = original
          bytes[place] ^= mask
          let output = try Self.output(bytes, in: folder)
          // An error is an answer, too: the file couldn't be read again.
          if (try? NativeAnnotator.add(Self.added, to: output, sparing: [])) == true { count += 1 }
        }
      }
    }
    #expect(count > 0 && count < range.count * 3)
  }

  private static func output(_ bytes: [UInt8], in folder: String) throws -> StagedFile {
    let output = try StagedFile.create(.file("\(folder)/out.h5"), replacing: true)
    #expect(unsafe writeAll(bytes.span.bytes, to: output.descriptor, at: 0) == nil)
    return output
  }

  /// Adds attributes and compares what libhdf5 finds before and after.
  private static func annotate(
    _ bytes: [UInt8], _ attributes: [Checkpoint.Attribute] = added, times: Int, _ title: String
  ) throws {
    try Fixtures.withFolder { folder in
      let output = try output(bytes, in: folder)
      let before = try NativeComparison.worker(output.reopened())
      for _ in 0..<times {
        #expect(
          try NativeAnnotator.add(attributes, to: output, sparing: before.datasets), "\(title)")
      }
      let file = try output.reopened()
      let after = try NativeComparison.worker(file)
      #expect(NativeComparison.difference(try NativeComparison.native(file).get(), after) == nil)
      #expect(try Superblock(of: file).version == before.superblockVersion)
      let names = Set(attributes.map { TensorName($0.name) })
      func others(_ tree: HDF5Tree) -> [String] {
        NativeComparison.lines(
          HDF5Tree(
            userBlockSize: tree.userBlockSize, superblockVersion: tree.superblockVersion,
            groups: tree.groups.map { group in
              HDF5Group(
                path: group.path, aliases: group.aliases,
                tracksCreationOrder: group.tracksCreationOrder,
                attributes: group.attributes.filter { !names.contains($0.name) })
            }, datasets: tree.datasets, softLinks: tree.softLinks, namedTypes: tree.namedTypes))
      }
      #expect(others(before) == others(after), "\(title)")
      for attribute in attributes {
        let found = after.groups[0].attributes.filter { $0.name == TensorName(attribute.name) }
        #expect(found.map(\.text) == [attribute.value], "\(title)")
      }
      for dataset in after.datasets where dataset.shape != nil {
        #expect(
          try Fixtures.values(of: dataset, in: file)
            == Fixtures.values(of: dataset, in: Fixtures.file(bytes, at: "\(folder)/x.h5")))
      }
    }
  }
}

import Checkpoints
import Probing
import TestSupport
import Testing

/// Figures of more samples than memory is to hold.
@Suite("Rows in a temporary file")
struct RowArchiveTests {
  private static let comparisons = ComparisonOrderTests.comparisons + [.fit(2, 0, 1)]

  private func gathered(
    _ streams: [[Float]], width: Int, batch: Int, _ archive: RowArchive
  ) throws -> [LayerComparisons] {
    var layers = (0..<3).map { _ in
      LayerComparisons(
        streams: 4, comparisons: Self.comparisons, norms: [.stream(2)], archive: archive)
    }
    let samples = streams[0].count / width
    let parts = [0..<samples / 3, samples / 3..<samples / 2, samples / 2..<samples]
    for (part, file) in zip(parts, [0, 1, 0]) {
      for number in layers.indices {
        try FeatureBench.add(
          streams.map { Array($0[part.lowerBound * width..<part.upperBound * width]) },
          width: width, to: &layers[number], batch: batch, file: file)
      }
    }
    return layers
  }

  private func expectEqual(_ some: [LayerComparisons], _ other: [LayerComparisons]) throws {
    for (a, b) in zip(some, other) {
      for file in [nil, 0, 1, 2] {
        for number in Self.comparisons.indices {
          #expect(try a.closeness(number, file: file) == b.closeness(number, file: file))
        }
        let fit = Self.comparisons.count - 1
        #expect(
          try a.fit(fit, merged: .stream(2), file: file)
            == b.fit(fit, merged: .stream(2), file: file))
        #expect(
          try a.normRatio(.stream(2), to: .stream(0), file: file)
            == b.normRatio(.stream(2), to: .stream(0), file: file))
      }
    }
  }

  @Test("what is read again has the same bits", arguments: [0, 1000, 20_000])
  func sameBits(budget: Int) throws {
    let streams = ComparisonOrderTests.streams(250 * 8)
    let folder = try TestFolder()
    let held = try gathered(streams, width: 8, batch: 7, RowArchive())
    let archive = RowArchive(budget: budget, folder: folder.scratch)
    try expectEqual(try gathered(streams, width: 8, batch: 7, archive), held)
    // The file has no name, so nothing is left by a program that is killed.
    #expect(try folder.leftovers.isEmpty)
  }

  @Test("more samples than are sorted in memory")
  func many() throws {
    let samples = Summary.mostSorted + 1000
    let streams = [61, 62].map { FeatureBench.features(2 * samples, seed: $0) }
    var layers = [RowArchive(), RowArchive(budget: 1 << 16)].map { archive in
      LayerComparisons(
        streams: 2, comparisons: [.init(measured: .stream(0), reference: .stream(1))],
        archive: archive)
    }
    for number in layers.indices {
      try FeatureBench.add(
        streams, width: 2, to: &layers[number], batch: 500, parallel: FeatureBench.onTwoThreads)
    }
    let closeness = try layers[0].closeness(0)
    #expect(closeness.samples == samples)
    #expect(try layers[1].closeness(0) == closeness)
  }

  @Test("a folder that takes no file is named, and what to do")
  func folder() throws {
    let archive = RowArchive(budget: 0, folder: "/dev/null/nowhere")
    let streams = ComparisonOrderTests.streams(4 * 8)
    let error = try #require(throws: CheckpointError.self) {
      _ = try gathered(streams, width: 8, batch: 1, archive)
    }
    #expect(error.kind == .output && error.file == "/dev/null/nowhere")
    #expect(error.remedy?.contains("TMPDIR") == true)
  }
}

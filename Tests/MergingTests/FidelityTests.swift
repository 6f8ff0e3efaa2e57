import Checkpoints
import TestSupport
import Testing

@testable import Merging

/// What isn't a merged value stays as the template has it, byte for byte.
struct FidelityTests {
  private func pair(_ workshop: Workshop) throws -> [Checkpoint] {
    try (0..<2).map { place in
      let shift = Double(place)
      return try workshop.checkpoint(
        "\(place)",
        [
          FlatTensor("a", [1 + shift, 2, 3]), FlatTensor("step", [7], type: .int64, role: .counter),
          FlatTensor("b", [-shift, 0.5], type: .float16, order: .big),
          FlatTensor("adam/a", [9 + shift, 9, 9], role: .optimizer),
          FlatTensor("c", [0.25, shift, 1, 2], shape: [2, 2], placement: .chunked([1, 2])),
        ], gaps: 1...30)
    }
  }

  @Test func bytesOutsideTheHolesAreTheTemplates() throws {
    let workshop = try Workshop()
    let inputs = try pair(workshop)
    for pieceBytes in [1, 7, nil] {
      let merged = try workshop.merge(.mean, inputs, pieceBytes: pieceBytes) {
        $0.exclude = globs("c")
      }
      var expected = try FlatFile.bytes(of: inputs[0].file)
      for name in ["a", "b"] {
        let tensor = try #require(inputs[0].tensors.first { $0.name.text == name })
        guard case .contiguous(let hole) = tensor.storage else {
          Issue.record("\(name) has no hole")
          continue
        }
        expected.replaceSubrange(hole.offset..<hole.end, with: try merged.bytes(name))
      }
      #expect(try merged.bytes == expected)
      #expect(merged.summary.bytesWritten == expected.count)
    }
  }

  /// A layout may have written metadata itself; neither pieces nor threads may touch it.
  @Test func bytesOfTheLayoutItselfStay() throws {
    let workshop = try Workshop()
    let inputs = try pair(workshop)
    let template = try FlatFile.bytes(of: inputs[0].file)
    for pieceBytes in [1, 5, 64, nil] {
      let merged = try workshop.merge(.mean, inputs, pieceBytes: pieceBytes) {
        $0.elementType = .float64
      }
      let bytes = try merged.bytes
      #expect(Array(bytes.prefix(template.count)) == template)
      var end = template.count
      for name in ["a", "b", "c"] {
        #expect(Array(bytes[end..<end + 3]) == FlatLayout.separator)
        end += 3 + (try merged.bytes(name)).count
      }
      #expect(end == bytes.count)
    }
  }

  @Test func anOutputMayReplaceItsTemplate() throws {
    let workshop = try Workshop()
    let inputs = try pair(workshop)
    let apart = try workshop.merge(.mean, inputs).bytes
    let inPlace = try workshop.merge(.mean, inputs, to: "0").bytes
    #expect(inPlace == apart)
    #expect(workshop.folder.names == ["0", "1", "out.flat"])
  }

  @Test func checksumAndProgressTellOfTheWholeOutput() throws {
    let workshop = try Workshop()
    let inputs = try pair(workshop)
    let plan = try workshop.plan(.mean, inputs) { $0.elementType = .float64 }
    var options = MergeExecutor.Options(threads: 2)
    options.computesChecksum = true
    options.pieceBytes = 8
    let most = Highest()
    let path = workshop.folder.file("out")
    let summary = try MergeExecutor(plan, options: options).run(to: .file(path)) { done, total in
      most.note(done, of: total)
    }
    let file = try InputFile.open(path)
    let whole = try FlatFile.make(
      [FlatTensor("all", bytes: FlatFile.bytes(of: file), type: .uint8, shape: [file.size])],
      at: workshop.folder.file("whole"))
    let statistics = try TensorStatistics(of: whole.tensors[0], in: whole)
    #expect(summary.sha256 == statistics?.sha256)
    // The separators are the layout's own and no part of the work.
    #expect(most.done == file.size - 3 * FlatLayout.separator.count)
    #expect(most.total == most.done)
  }
}

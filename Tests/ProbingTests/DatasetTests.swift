import Checkpoints
import TestSupport
import Testing

@testable import Probing

/// What a network gets of a data set file.
@Suite("Data sets: values")
struct DatasetTests {
  private let bench: DataBench
  private let image = ModelInput(name: "image", shape: [5, 4, 3])

  init() throws {
    bench = try DataBench()
  }

  @Test("h5py's file with every attribute gives NumPy's values", arguments: [1, 4, 6, 7, 20])
  func attributes(batch: Int) throws {
    let expected = try DataBench.expectation("images")
    let data = try Dataset(try DataBench.vector("images"), inputs: [image])
    let all = try data.everything(batch: batch)
    #expect(all.inputs == expected.inputs)
    #expect(all.classes == expected.classes)
    #expect(data.labels == .classes(count: 10))
    #expect(data.inputShapes == [[5, 4, 3]])
    for words in ["samples: images, labels: labels", "transposed", "scale", "0.485"] {
      let isSaid = data.notes.contains { $0.contains(words == "scale" ? "multiplied" : words) }
      #expect(isSaid, "\(words): \(data.notes)")
    }
  }

  @Test("several inputs come in the network's order, with mask and targets")
  func severalInputs() throws {
    let expected = try DataBench.expectation("several-inputs")
    let inputs = [
      ModelInput(name: "tokens", shape: [nil]), ModelInput(name: "image", shape: [2, 3]),
    ]
    let file = try DataBench.vector("several-inputs")
    let data = try Dataset(file, inputs: inputs)
    let all = try data.everything(batch: 5)
    #expect(all.inputs == expected.inputs)
    #expect(all.targets == expected.targets)
    #expect(data.labels == .targets(shape: [2]))
    var reader = data.makeReader()
    #expect(try reader.read(0..<12).mask == expected.mask)
    #expect(data.maskLength == 7)

    let swapped = try Dataset(file, inputs: inputs.reversed())
    #expect(try swapped.everything(batch: 12).inputs == expected.inputs.reversed())
    let missing = [inputs[0], ModelInput(name: "picture", shape: [2, 3])]
    let error = #expect(throws: CheckpointError.self) { try Dataset(file, inputs: missing) }
    #expect(error?.description.contains("has no picture; it holds x/") == true)
  }

  @Test(
    "every stored type and byte order gives the same values",
    arguments: [
      ElementType.float64, .float32, .float16, .int8, .int16, .int32, .int64, .uint8, .uint16,
      .uint32, .uint64,
    ], [ByteOrder.little, .big])
  func types(type: ElementType, order: ByteOrder) throws {
    let values = (0..<24).map(Double.init)
    let stored =
      type.isFloatingPoint
      ? FlatTensor("x", values, type: type, shape: [6, 4], order: order)
      : FlatTensor(
        "x", bytes: integers(values, size: type.byteCount ?? 1, order), type: type, shape: [6, 4],
        order: order)
    let data = try Dataset(
      try bench.file([stored]), inputs: [ModelInput(name: "x", shape: [4])])
    #expect(try data.everything(batch: 4).inputs == [values.map { Float($0) }])
  }

  @Test("chunks are read across batches", arguments: [[3, 4], [5, 2], [7, 4], [100, 4]])
  func chunks(chunk: [Int]) throws {
    let plain = try Dataset(
      try bench.file([DataBench.ramp("x", [17, 4])]), inputs: [ModelInput(name: "x", shape: [4])])
    let data = try Dataset(
      try bench.file([DataBench.ramp("x", [17, 4], placement: .chunked(chunk))], name: "chunked"),
      inputs: [ModelInput(name: "x", shape: [4])])
    let expected = try plain.everything(batch: 17).inputs
    for batch in [1, 2, 5, 17] { #expect(try data.everything(batch: batch).inputs == expected) }
    var reader = data.makeReader()
    #expect(try reader.read(9..<11).inputs[0] == Array(expected[0][36..<44]))
    #expect(try reader.read(1..<2).inputs[0] == Array(expected[0][4..<8]))
  }

  @Test("a limit takes the first samples")
  func limit() throws {
    let data = try Dataset(
      try bench.file([DataBench.ramp("x", [9, 2])]), inputs: [ModelInput(name: "x", shape: [2])],
      options: .init(limit: 4))
    #expect(data.count == 4)
    #expect(try data.everything(batch: 3).inputs[0] == (0..<8).map { Float($0) })
  }

  @Test("a token that Float32 would round is refused")
  func largeTokens() throws {
    let bytes = integers([1, 16_777_216, 16_777_217, 0], size: 8, .little)
    let x = FlatTensor("x", bytes: bytes, type: .int64, shape: [4, 1])
    let data = try Dataset(try bench.file([x]), inputs: [ModelInput(name: "x", shape: [1])])
    var reader = data.makeReader()
    #expect(try reader.read(0..<2).inputs == [[1, 16_777_216]])
    let error = #expect(throws: CheckpointError.self) { try reader.read(0..<4) }
    #expect(error?.description.contains("16,777,217 at sample 2") == true)
  }

  private func integers(_ values: [Double], size: Int, _ order: ByteOrder) -> [UInt8] {
    values.flatMap { value in
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: Int(value) >> (8 * $0)) }
      return order == .little ? bytes : bytes.reversed()
    }
  }
}

import Checkpoints
import TestSupport
import Testing

@testable import Probing

/// Names, shapes and labels: what is found, and what is refused with words that help.
@Suite("Data sets: names, shapes, labels")
struct DatasetShapeTests {
  private let bench: DataBench
  private let vector = ModelInput(name: "in", shape: [4])

  init() throws {
    bench = try DataBench()
  }

  @Test(
    "names in common use are found and announced",
    arguments: [
      ("images", "labels"), ("x_test", "y_test"), ("X", "Y"), ("X", "y"), ("data", "target"),
      ("inputs", "targets"), ("x", "labels"),
    ])
  func names(x: String, y: String) throws {
    let data = try Dataset(
      try bench.file([labels([1, 0, 2], y), DataBench.ramp(x, [3, 4])]), inputs: [vector])
    #expect(try data.everything(batch: 2).classes == [1, 0, 2])
    #expect(data.notes == ["samples: \(x), labels: \(y)"])
  }

  @Test("x and y need no announcement, and keys are taken exactly")
  func keys() throws {
    let file = try bench.file([
      DataBench.ramp("x", [3, 4]), labels([1, 0, 2], "y"), DataBench.ramp("other", [3, 2]),
      labels([2, 2, 2], "others"),
    ])
    let plain = try Dataset(file, inputs: [vector])
    #expect(plain.notes.isEmpty)
    let chosen = try Dataset(
      file, inputs: [ModelInput(name: "in", shape: [2])],
      options: .init(xKey: "other", yKey: "others"))
    #expect(chosen.notes.isEmpty)
    #expect(try chosen.everything(batch: 3).classes == [2, 2, 2])
    #expect(try Dataset(file, inputs: [vector], options: .init(yKey: "none")).labels == nil)
    try refuses("--x-key oter", "it holds x, y, other, others") {
      try Dataset(file, inputs: [vector], options: .init(xKey: "oter"))
    }
    try refuses("--y-key z", "it holds x, y") {
      try Dataset(file, inputs: [vector], options: .init(yKey: "z"))
    }
  }

  @Test("the only tensor of a file is the samples")
  func onlyTensor() throws {
    let data = try Dataset(try bench.file([DataBench.ramp("arr_0", [3, 4])]), inputs: [vector])
    #expect(data.labels == nil && data.count == 3)
    #expect(data.notes == ["samples: arr_0, no labels"])
  }

  @Test("a channel axis of 1 comes and goes, with a note")
  func channelAxis() throws {
    let flat = try bench.file([DataBench.ramp("x", [2, 3, 5])])
    let more = try Dataset(flat, inputs: [ModelInput(name: "in", shape: [3, 5, 1])])
    #expect(more.inputShapes == [[3, 5, 1]])
    #expect(more.notes == ["x: a channel axis of 1 is added: 3x5 becomes 3x5x1"])
    let first = ModelInput(name: "in", shape: [1, nil, nil], order: .channelsFirst)
    #expect(try Dataset(flat, inputs: [first]).inputShapes == [[1, 3, 5]])
    let deep = try bench.file([DataBench.ramp("x", [2, 3, 5, 1])], name: "deep")
    let less = try Dataset(deep, inputs: [ModelInput(name: "in", shape: [3, 5])])
    #expect(less.inputShapes == [[3, 5]])
    #expect(try less.everything(batch: 2).inputs == more.everything(batch: 1).inputs)
  }

  @Test(
    "shapes that don't fit are both shown, with a hint",
    arguments: [
      ([2, 3, 5, 1], [15], "shape 3x5x1", "takes 15", "reshape(len(x), 15)"),
      ([2, 15], [3, 5, 1], "shape 15", "takes 3x5x1", "reshape(len(x), 3, 5, 1)"),
      ([2, 3, 8, 8], [8, 8, 3], "shape 3x8x8", "takes 8x8x3", "NCHW"),
      ([2, 8, 8, 3], [3, 8, 8], "shape 8x8x3", "takes 3x8x8", "NHWC"),
      ([2, 7], [6], "shape 7", "takes 6", "--x-key"),
    ])
  func misfits(stored: [Int], model: [Int], fact: String, other: String, hint: String) throws {
    let file = try bench.file([DataBench.ramp("x", stored)])
    let input = ModelInput(name: "in", shape: model)
    for words in [fact, other, hint, "data: tensor x"] {
      try refuses("", words) { try Dataset(file, inputs: [input]) }
    }
  }

  @Test("channels are moved both ways as the attribute says")
  func layout() throws {
    let first = try bench.file([DataBench.ramp("x", [2, 3, 2, 2])], ["layout": "NCHW"])
    let last = try Dataset(first, inputs: [ModelInput(name: "in", shape: [2, 2, 3])])
    let moved = try last.everything(batch: 2).inputs[0]
    #expect(moved[..<6] == [0, 4, 8, 1, 5, 9])
    let stored = FlatTensor("x", moved.map { Double($0) }, shape: [2, 2, 2, 3])
    let back = try Dataset(
      try bench.file([stored], ["layout": "NHWC"], name: "last"),
      inputs: [ModelInput(name: "in", shape: [3, 2, 2], order: .channelsFirst)])
    #expect(try back.everything(batch: 1).inputs[0] == (0..<24).map { Float($0) })
  }

  @Test(
    "attributes that make no sense are refused",
    arguments: [
      ("std", "1, 0, 1", "zero"), ("mean", "1, 2", "3 channels"), ("scale", "x", "'x'"),
      ("layout", "CHWN", "NHWC"), ("scale", "1, 2", "2 numbers"), ("mask", "nowhere", "nowhere"),
      ("num_classes", "2.5", "count"), ("num_classes", "2", "class 2"), ("mean", "inf", "finite"),
    ])
  func attributes(name: String, value: String, words: String) throws {
    let file = try bench.file(
      [DataBench.ramp("x", [3, 2, 2, 3]), labels([1, 0, 2], "y")], [name: value])
    let error = #expect(throws: CheckpointError.self) {
      _ = try Dataset(file, inputs: [ModelInput(name: "in", shape: [2, 2, 3])])
        .everything(batch: 3)
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    #expect(error?.kind == .unusable)
  }

  @Test("counts that differ are refused")
  func counts() throws {
    let file = try bench.file([DataBench.ramp("x", [3, 4]), labels([1, 0], "y")])
    try refuses("tensor y", "2 samples, but x has 3") { try Dataset(file, inputs: [vector]) }
  }

  @Test("whole floats are classes, others are targets, and a late change is refused")
  func floatLabels() throws {
    let x = DataBench.ramp("x", [1500, 4])
    var whole = (0..<1500).map { Double($0 % 7) }
    let classes = try Dataset(
      try bench.file([x, FlatTensor("y", whole)]), inputs: [vector])
    #expect(classes.labels == .classes(count: nil))
    #expect(classes.notes.contains { $0.contains("taken as classes") })
    whole[1400] = 0.5
    let late = try Dataset(
      try bench.file([x, FlatTensor("y", whole)], name: "late"), inputs: [vector])
    try refuses("tensor y", "0.5 at sample 1400") { _ = try late.everything(batch: 100) }
    whole[3] = 0.25
    let targets = try Dataset(
      try bench.file([x, FlatTensor("y", whole)], name: "targets"), inputs: [vector])
    #expect(targets.labels == .targets(shape: []))
    #expect(try targets.everything(batch: 700).targets == whole.map { Float($0) })
  }

  @Test("a label beyond the model's classes is refused")
  func labelRange() throws {
    let file = try bench.file([DataBench.ramp("x", [3, 4]), labels([1, 0, 5], "y")])
    let data = try Dataset(file, inputs: [vector], options: .init(classCount: 5))
    try refuses("tensor y", "class 5 at sample 2, but there are 5 classes") {
      _ = try data.everything(batch: 3)
    }
  }

  @Test("files of one shape form a union; others are refused with both shapes")
  func collection() throws {
    let free = ModelInput(name: "in", shape: [nil])
    let one = try Dataset(try bench.file([DataBench.ramp("x", [5, 4])]), inputs: [free])
    let two = try Dataset(
      try bench.file([DataBench.ramp("x", [3, 4])], name: "two"), inputs: [free])
    let both = try DataCollection([one, two])
    #expect(both.count == 8)
    #expect(
      both.batches(of: 2).map { "\($0.dataset) \($0.samples)" } == [
        "0 0..<2", "0 2..<4", "0 4..<5", "1 0..<2", "1 2..<3",
      ])
    let wide = try Dataset(
      try bench.file([DataBench.ramp("x", [3, 6])], name: "wide"), inputs: [free])
    try refuses("wide", "shape 6, but those of") { try DataCollection([one, wide]) }
    let labelled = try Dataset(
      try bench.file([DataBench.ramp("x", [2, 4]), labels([0, 1], "y")], name: "labelled"),
      inputs: [free])
    try refuses("labelled", "only one has any") { try DataCollection([one, labelled]) }
  }

  private func labels(_ values: [UInt8], _ name: String) -> FlatTensor {
    FlatTensor(name, bytes: values, type: .uint8, shape: [values.count])
  }

  private func refuses<Value>(
    _ place: String, _ words: String, location: SourceLocation = #_sourceLocation,
    _ body: () throws -> Value
  ) throws {
    let error = #expect(throws: CheckpointError.self, sourceLocation: location) { _ = try body() }
    let text = error?.description ?? ""
    #expect(text.contains(place) && text.contains(words), "\(text)", sourceLocation: location)
  }
}

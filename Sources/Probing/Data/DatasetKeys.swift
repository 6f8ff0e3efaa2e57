import Checkpoints

/// Which tensors of a file are the samples, the labels and the mask.
struct DatasetKeys {
  /// The samples: a tensor for each input of the network, in the network's order.
  let samples: [Tensor]
  /// The labels, if any.
  let labels: Tensor?
  /// Which positions of a sample count, if the file tells.
  let mask: Tensor?
  /// Which names were taken where they are not the plain ones.
  let notes: [String]

  /// Names in common use, the plain one first: samples, and the labels that go with them.
  private static let known: [(samples: String, labels: [String])] = [
    ("x", ["y", "labels", "label", "targets", "target"]),
    ("images", ["labels", "label", "y", "targets"]),
    ("image", ["label", "labels"]),
    ("x_test", ["y_test"]),
    ("X_test", ["y_test", "Y_test"]),
    ("test_images", ["test_labels"]),
    ("X", ["Y", "y", "labels"]),
    ("data", ["target", "targets", "labels", "label", "y"]),
    ("inputs", ["targets", "labels", "outputs", "y"]),
    ("input_ids", ["labels", "label", "y"]),
    ("features", ["labels", "label", "targets", "target", "y"]),
    ("x_val", ["y_val"]),
    ("x_train", ["y_train"]),
    ("X_train", ["y_train", "Y_train"]),
    ("train_images", ["train_labels"]),
  ]

  /// What `--y-key` says where labels are to be left out.
  static let noLabels = "none"

  /// Finds the tensors.
  ///
  /// - Parameters:
  ///   - checkpoint: The file.
  ///   - inputs: What the network takes.
  ///   - xKey: The name that was asked for, exactly; nil to look for one.
  ///   - yKey: The same of the labels; `none` to leave them out.
  /// - Throws: ``CheckpointError`` that lists what the file holds.
  init(
    _ checkpoint: Checkpoint, inputs: [ModelInput], xKey: String?, yKey: String?
  ) throws(CheckpointError) {
    var notes: [String] = []
    let finder = TensorFinder(checkpoint: checkpoint)
    let known = DatasetKeys.known.first { finder.hasSamples($0.samples) }
    let key: String
    if let xKey {
      guard finder.hasSamples(xKey) else {
        throw finder.missing("--x-key \(xKey)", "names nothing in the file")
      }
      key = xKey
    } else if let known {
      key = known.samples
    } else if checkpoint.tensors.count == 1, let only = checkpoint.tensors.first {
      key = only.name.text
    } else {
      throw finder.missing(nil, "holds no samples under a known name such as x")
    }
    samples = try finder.samples(key, inputs, notes: &notes)

    if let yKey {
      let found = finder.tensor(yKey)
      if found == nil, yKey != DatasetKeys.noLabels {
        throw finder.missing("--y-key \(yKey)", "names nothing in the file")
      }
      labels = found
    } else {
      let partners = DatasetKeys.known.first { $0.samples == key }?.labels ?? ["y", "labels"]
      labels = partners.lazy.compactMap { finder.tensor($0) }.first
    }
    let isAsked = xKey != nil && (yKey != nil || labels == nil)
    if !isAsked, key != "x" || labels.map({ $0.name.text != "y" }) == true {
      let partner = labels.map { ", labels: \($0.name)" } ?? ", no labels"
      notes.append("samples: \(TensorName(key))\(yKey == nil ? partner : "")")
    }
    let source = AttributeSource(tensor: samples[0], checkpoint: checkpoint)
    mask = try finder.mask(named: source.text("mask"), source: source)
    self.notes = notes
  }
}

/// Looks for tensors by the names that people give them.
private struct TensorFinder {
  let checkpoint: Checkpoint

  func tensor(_ name: String) -> Tensor? {
    checkpoint.index(of: TensorName(name)).map { checkpoint.tensors[$0] }
  }

  /// The tensors directly or deeper below a group.
  func below(_ group: String) -> [Tensor] {
    let prefix = Array("\(group)/".utf8)
    return checkpoint.tensors.filter { $0.name.bytes.starts(with: prefix) }
  }

  func hasSamples(_ key: String) -> Bool {
    tensor(key) != nil || !below(key).isEmpty
  }

  /// The tensors of a key, one for each input.
  func samples(
    _ key: String, _ inputs: [ModelInput], notes: inout [String]
  ) throws(CheckpointError) -> [Tensor] {
    let names = inputs.map(\.name).joined(separator: ", ")
    if let single = tensor(key) {
      guard inputs.count == 1 else {
        throw CheckpointError(
          .unusable, file: checkpoint.file.name, subject: "tensor \(single.name)",
          fact: "is one data set, but the model has \(inputs.count) inputs: \(names)",
          remedy: "store one for each: \(key)/\(inputs.first?.name ?? "")")
      }
      return [single]
    }
    let members = below(key)
    if inputs.count == 1, members.count == 1 {
      if members[0].name.text != "\(key)/\(inputs[0].name)" {
        notes.append("samples: \(members[0].name), for the input \(inputs[0].name)")
      }
      return members
    }
    var found: [Tensor] = []
    for input in inputs {
      guard let tensor = tensor("\(key)/\(input.name)") else {
        let held = members.map(\.name.description).joined(separator: ", ")
        throw CheckpointError(
          .unusable, file: checkpoint.file.name, subject: "group \(TensorName(key))",
          fact: "has no \(input.name); it holds \(held), and the model's inputs are \(names)",
          remedy: "name the data sets as the model's inputs")
      }
      found.append(tensor)
    }
    return found
  }

  /// The mask that an attribute names, or one under a common name.
  func mask(named name: String?, source: AttributeSource) throws(CheckpointError) -> Tensor? {
    guard let name else { return tensor("mask") ?? tensor("attention_mask") }
    guard let mask = tensor(name) else {
      throw source.fault("mask", "names \(TensorName(name)), which isn't in the file", "correct it")
    }
    return mask
  }

  /// An error that lists what there is.
  func missing(_ subject: String?, _ fact: String) -> CheckpointError {
    let most = 8
    var names = checkpoint.tensors.prefix(most).map(\.name.description)
    if checkpoint.tensors.count > most { names.append("…") }
    let held = names.isEmpty ? "it holds nothing" : "it holds \(names.joined(separator: ", "))"
    return CheckpointError(
      .unusable, file: checkpoint.file.name, subject: subject, fact: "\(fact); \(held)",
      remedy: subject == nil ? "name the samples with --x-key" : "name one of these")
  }
}

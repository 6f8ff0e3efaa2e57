import Checkpoints
import HDF5

/// The layout of `.weights.h5`: `layers/<class>[_n]/…/vars/<i>`, variables in the order of building.
///
/// Groups are named after the layers' classes; the user's name of a layer stands in the attribute
/// `name` of its `vars`. Keras 2.12 and 2.13 wrote `_layer_checkpoint_dependencies` for `layers`.
/// Source: `saving_lib.py` of Keras 3.
struct WeightsFileRules: LayoutRules {
  private(set) var inconsistencies: [String] = []
  /// The user's name of the layer by the path of its `vars` group.
  private var names: [TensorName: String] = [:]
  /// The variables by the path of their `vars` group.
  private var variables: [TensorName: Variables] = [:]

  /// The variables of a layer.
  private struct Variables {
    private(set) var count = 0
    private(set) var highest = 0

    mutating func add(_ index: Int) {
      count += 1
      highest = max(highest, index)
    }
  }

  private static let vars = TensorName("vars")
  private static let name = TensorName("name")

  /// Whether data sets lie at `…/vars/<number>` below the groups that Keras makes, counted from 0.
  static func matches(_ tree: HDF5Tree) -> Bool {
    let roots = ["layers", "_layer_checkpoint_dependencies", "vars", "optimizer"].map {
      TensorName($0)
    }
    let hasRoot = tree.groups.contains { roots.contains($0.path) }
    return hasRoot && tree.datasets.contains { variable(of: $0.path)?.index == 0 }
  }

  /// Reads the names and counts of a tree.
  init(_ tree: HDF5Tree) {
    for group in tree.groups where group.path.lastComponent.elementsEqual(Self.vars.bytes) {
      names[group.path] = group.attributes.first { $0.name == Self.name }?.text
    }
    for dataset in tree.datasets {
      guard let variable = WeightsFileRules.variable(of: dataset.path) else { continue }
      variables[variable.vars, default: Variables()].add(variable.index)
    }
    if variables.values.contains(where: { $0.highest >= $0.count }) { noteGaps(tree) }
  }

  /// Lists the variables whose numbers are too high.
  private mutating func noteGaps(_ tree: HDF5Tree) {
    for dataset in tree.datasets {
      guard let variable = WeightsFileRules.variable(of: dataset.path),
        let count = variables[variable.vars]?.count, variable.index >= count
      else { continue }
      inconsistencies.append(
        "group /\(variable.vars): has \(count) variables, one of which is number \(variable.index)")
    }
  }

  /// What the path says: optimizer, metrics, or a variable of a layer.
  func note(on dataset: HDF5Dataset) -> KerasLayout.Note {
    let first = dataset.path.firstComponent
    if first.elementsEqual("optimizer".utf8) {
      return KerasLayout.Note(
        verdict: RoleConventions.Verdict(.optimizer), layer: nil, rank: .optimizer)
    }
    guard let variable = WeightsFileRules.variable(of: dataset.path) else {
      return PlainRules().note(on: dataset)
    }
    // Keras 2 stores the running totals of the metrics with the weights; they count samples and are
    // no part of the network.
    if first.elementsEqual("metrics".utf8) {
      return KerasLayout.Note(
        verdict: RoleConventions.Verdict(.counter), layer: nil, rank: .optimizer)
    }
    // Behind `layers/dense/` in `layers/dense/vars`; variables of the model itself have no owner.
    let path = variable.vars.bytes.dropLast(Self.vars.bytes.count)
    let owner =
      path.isEmpty
      ? nil : String(decoding: TensorName(bytes: Array(path)).lastComponent, as: UTF8.self)
    return KerasLayout.Note(
      verdict: verdict(dataset, variable, owner: owner ?? ""),
      layer: names[variable.vars] ?? owner, rank: .named(dataset.path))
  }

  /// The class of the owning group decides where variables have no names of their own.
  private func verdict(
    _ dataset: HDF5Dataset, _ variable: (vars: TensorName, index: Int), owner: String
  ) -> RoleConventions.Verdict {
    let type = dataset.type.element
    if type.isInteger {
      if owner.hasPrefix("seed_generator") { return RoleConventions.Verdict(.seed) }
      let isCount = WeightsFileRules.isClass(owner, "normalization")
      return RoleConventions.Verdict(isCount ? .counter : .other)
    }
    guard type.isFloatingPoint else {
      return RoleConventions.verdict(dataset.path, type: type)
    }
    // The moving mean and variance come last, behind gamma and beta, either of which may be absent.
    if WeightsFileRules.isClass(owner, "batch_normalization"),
      let count = variables[variable.vars]?.count,
      count >= 2, variable.index >= count - 2
    {
      return RoleConventions.Verdict(.statistic, isVariance: variable.index == count - 1)
    }
    // Normalization holds its mean, variance and count.
    if WeightsFileRules.isClass(owner, "normalization"), variable.index < 2 {
      return RoleConventions.Verdict(.statistic, isVariance: variable.index == 1)
    }
    return RoleConventions.Verdict(.weight)
  }

  /// Whether a group is named after a class: `<class>` or `<class>_<number>`.
  private static func isClass(_ group: String, _ name: String) -> Bool {
    guard group.hasPrefix(name) else { return false }
    let rest = group.dropFirst(name.count)
    return rest.isEmpty
      || (rest.first == "_" && rest.count > 1 && rest.dropFirst().allSatisfy(\.isNumber))
  }

  /// The `vars` group and the number of a variable, or nil where a path is no variable's.
  ///
  /// Looks at the path's end only: it is asked for every data set, of which there may be many.
  private static func variable(of path: TensorName) -> (vars: TensorName, index: Int)? {
    let bytes = path.bytes
    guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let digits = bytes[(slash + 1)...]
    guard (1...9).contains(digits.count),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let index = Int(String(decoding: digits, as: UTF8.self))
    else { return nil }
    let group = bytes[..<slash]
    guard group.elementsEqual(vars.bytes) || group.suffix(5).elementsEqual("/vars".utf8) else {
      return nil
    }
    return (TensorName(bytes: Array(group)), index)
  }
}

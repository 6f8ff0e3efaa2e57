import Checkpoints
import HDF5

/// Which of Keras's layouts a file follows, and what that says about each data set.
struct KerasLayout {
  /// The layouts.
  enum Kind: String {
    /// `model.save("x.h5")`: configuration, weights under `model_weights`, optimizer.
    case legacyModel = "keras-legacy-model"
    /// `model.save_weights("x.h5")` of Keras 1 and 2: the weights alone.
    case legacyWeights = "keras-legacy-weights"
    /// `model.save_weights("x.weights.h5")` since Keras 2.12.
    case weights = "keras-weights"
    /// Shards of a TensorFlow model of Hugging Face's: `layer_names` lists data sets.
    case transformers = "keras-transformers"
    /// Any other tree.
    case plain = "hdf5"
  }

  /// What is known of a data set.
  struct Note {
    var verdict: RoleConventions.Verdict
    var layer: String?
    var rank: TensorRank
  }

  let kind: Kind
  let inconsistencies: [String]
  private let rules: any LayoutRules

  /// Recognises the layout of a tree.
  init(of tree: HDF5Tree) {
    let root = AttributeList(tree.groups[0].attributes)
    let isModel = tree.groups.contains { $0.path == TensorName("model_weights") }
    if root.strings("layer_names") == nil, isModel {
      self.init(.legacyModel, LegacyRules(tree, weights: TensorName("model_weights")))
    } else if TransformersRules.matches(tree, root) {
      self.init(.transformers, TransformersRules())
    } else if root.strings("layer_names") != nil {
      self.init(.legacyWeights, LegacyRules(tree, weights: TensorName("")))
    } else if WeightsFileRules.matches(tree) {
      self.init(.weights, WeightsFileRules(tree))
    } else {
      self.init(.plain, PlainRules())
    }
  }

  private init(_ kind: Kind, _ rules: any LayoutRules) {
    self.kind = kind
    self.rules = rules
    self.inconsistencies = rules.inconsistencies
  }

  /// What is known of a data set.
  func note(on dataset: HDF5Dataset) -> Note {
    rules.note(on: dataset)
  }
}

/// Where a tensor stands in the list that people see: in the order of the layers, the optimizer last.
enum TensorRank: Hashable, Comparable {
  /// The n-th tensor that the file's own lists name.
  case listed(Int)
  /// By name, numbers as numbers.
  case named(TensorName)
  /// Not in the file's lists: in the file's order.
  case unlisted
  /// Optimizer state, in the file's order.
  case optimizer
}

/// What one layout says about the data sets of a file.
protocol LayoutRules {
  /// Where the file contradicts itself, for `verify`.
  var inconsistencies: [String] { get }
  func note(on dataset: HDF5Dataset) -> KerasLayout.Note
}

/// A tree that no Keras wrote: names are all that is known.
struct PlainRules: LayoutRules {
  let inconsistencies: [String] = []

  func note(on dataset: HDF5Dataset) -> KerasLayout.Note {
    KerasLayout.Note(
      verdict: RoleConventions.verdict(dataset.path, type: dataset.type.element), layer: nil,
      rank: .unlisted)
  }
}

/// A group's attributes by name, with Keras's way to split long lists.
struct AttributeList {
  private let attributes: [TensorName: HDF5Attribute]

  init(_ attributes: [HDF5Attribute]) {
    self.attributes = Dictionary(
      attributes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// A list of texts: the attribute `name`, or `name0`, `name1`, … up to the first gap, into which
  /// Keras splits lists beyond HDF5's limit of 64 KiB; nil where neither exists.
  ///
  /// An empty list is stored as an array of floats without elements.
  func strings(_ name: String) -> [TensorName]? {
    if let attribute = attributes[TensorName(name)] { return texts(attribute) }
    var all: [TensorName] = []
    var part = 0
    while let attribute = attributes[TensorName("\(name)\(part)")] {
      guard let texts = texts(attribute) else { return nil }
      all += texts
      part += 1
    }
    return part > 0 ? all : nil
  }

  /// The single text of an attribute.
  func text(_ name: String) -> String? {
    attributes[TensorName(name)]?.text
  }

  private func texts(_ attribute: HDF5Attribute) -> [TensorName]? {
    if let strings = attribute.strings { return strings.map(TensorName.init(bytes:)) }
    return attribute.shape?.contains(0) == true ? [] : nil
  }
}

public import Checkpoints
import Zip

/// PyTorch's zip checkpoints, which are read and never written.
///
/// They are called `.pt`, `.pth`, `.bin`, and `.ckpt` by Lightning. The structure is a pickle, which is read as data; the numbers are stored members, read in place.
public struct TorchFormat: CheckpointFormat {
  /// A pickle of more than this is no structure of a model.
  private static let largestPickle = 1 << 30

  /// The format.
  public init() {}

  /// The name that reports use.
  public var name: String { "pytorch" }

  /// Whether the file is a zip archive with a `data.pkl` one level down.
  public func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    guard try ZipArchive.recognises(file), let archive = try? ZipArchive(file) else {
      return false
    }
    return TorchFormat.pickle(in: archive) != nil
  }

  /// Reads the structure and finds each tensor's numbers.
  public func open(_ file: InputFile) throws(CheckpointError) -> Checkpoint {
    let archive = try ZipArchive(file)
    guard let pickle = TorchFormat.pickle(in: archive) else {
      throw .unusable(file.name, "has no data.pkl")
    }
    guard pickle.method == .stored, pickle.size <= Self.largestPickle else {
      throw .zip(file, pickle.name, "is compressed or too large for the structure of a model")
    }
    let bytes = try file.bytes(pickle.data)
    let root: PickleValue
    do throws(PickleMachine.Fault) {
      root = try PickleMachine.value(of: bytes)
    } catch {
      throw .zip(
        file, pickle.name, error.fact, remedy: "save the state dict again with torch.save")
    }
    let prefix = String(pickle.name.text.dropLast("data.pkl".count))
    let storage = TorchStorage(
      archive, prefix: prefix, byteOrder: try byteOrder(in: archive, prefix: prefix))
    let survey = try TorchSurvey(StateDictionary(root), storage: storage)
    guard !survey.tensors.isEmpty else {
      throw .unusable(
        file.name, "holds no tensors that are known",
        remedy: "save the state dict: torch.save(model.state_dict(), \"x.pt\")")
    }
    let checks = archive.entries.filter { $0.method == .stored }.map {
      MemberCheck($0, in: file, tensor: nil)
    }
    return Checkpoint(
      file: survey.file, format: name, tensors: survey.tensors, attributes: [], checks: checks,
      layouter: ReadOnlyLayouter(format: "PyTorch"))
  }

  private static func pickle(in archive: ZipArchive) -> ZipEntry? {
    archive.entries.first { entry in
      entry.name.components.count == 2 && entry.name.components[1] == TensorName("data.pkl")
    }
  }

  private func byteOrder(
    in archive: ZipArchive, prefix: String
  ) throws(CheckpointError) -> ByteOrder {
    guard let entry = archive[TensorName(prefix + "byteorder")], entry.method == .stored,
      entry.size < 16
    else { return .little }
    return try archive.file.bytes(entry.data) == Array("big".utf8) ? .big : .little
  }
}

/// The tensors of a state dictionary, with tied ones found.
struct TorchSurvey {
  let file: InputFile
  let tensors: [Tensor]

  init(_ state: StateDictionary, storage: TorchStorage) throws(CheckpointError) {
    var file = storage.archive.file
    var order: [PickledTensor] = []
    var found: [PickledTensor: [StateDictionary.Entry]] = [:]
    var names = Set<TensorName>()
    for entry in state.entries where names.insert(TensorName(entry.name)).inserted {
      if found[entry.tensor] == nil { order.append(entry.tensor) }
      found[entry.tensor, default: []].append(entry)
    }
    var tensors: [Tensor] = []
    for view in order {
      guard let entries = found[view], let first = entries.first else { continue }
      let name = TensorName(first.name)
      let extent: Extent
      switch try storage.place(of: view, named: name) {
      case .inPlace(let place): extent = place
      case .reordered(let range):
        guard let place = Extent(offset: file.size, length: range.length) else { continue }
        extent = place
        file = file.joined(with: range, size: range.length)
      }
      var verdict = RoleConventions.verdict(name, type: view.elementType)
      if first.isBeside {
        let isOptimizer = first.name.hasPrefix("optim") || first.name.contains("optimizer")
        verdict = RoleConventions.Verdict(isOptimizer ? .optimizer : .other)
      }
      guard
        let tensor = Tensor(
          name: name, aliases: entries.dropFirst().map { TensorName($0.name) }, shape: view.shape,
          elementType: view.elementType, byteOrder: storage.byteOrder, role: verdict.role,
          isVariance: verdict.isVariance, storage: .contiguous(extent))
      else {
        throw .unusable(
          file.name, tensor: name, "declares more elements than can be addressed")
      }
      tensors.append(tensor)
    }
    self.file = file
    self.tensors = tensors
  }
}

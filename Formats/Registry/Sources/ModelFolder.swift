import Checkpoints

/// Folders that hold one model: which of their files has the weights.
enum ModelFolder {
  /// How names of weights end; the first of which there is a file counts, indices before parts.
  private static let suffixes = [
    ".safetensors.index.json", ".safetensors", ".weights.json", ".h5.index.json", ".weights.h5",
    ".h5", ".npz",
  ]

  /// The name of the file that a folder's weights are read from.
  ///
  /// An index stands for its parts; Keras's unpacked archives and Hugging Face's folders have one
  /// file of weights each.
  ///
  /// - Throws: ``CheckpointError`` where there is no such file, or more than one.
  static func file(among names: [String], of folder: String) throws(CheckpointError) -> String {
    for suffix in suffixes {
      let found = names.filter { $0.hasSuffix(suffix) }.sorted()
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw .unusable(
          folder,
          "is a folder with \(found.count) files of weights: "
            + found.prefix(4).joined(separator: ", ") + (found.count > 4 ? ", …" : ""),
          remedy: "name one of them")
      }
    }
    if let kind = kinds.first(where: { $0.mark.contains(where: names.contains) }) {
      throw .unusable(folder, kind.fact, remedy: kind.remedy)
    }
    throw .unusable(
      folder, "is a folder without weights that are known", remedy: "name a checkpoint file")
  }

  /// The name of the one file that parts come from: `model.safetensors` for
  /// `model.safetensors.index.json`, `x.weights.h5` for `x.weights.json`.
  static func wholeName(of file: String) -> String {
    let (list, keras) = (".index.json", ".weights.json")
    if file.hasSuffix(list) { return String(file.dropLast(list.count)) }
    if file.hasSuffix(keras) { return String(file.dropLast(keras.count)) + ".weights.h5" }
    return file
  }

  /// Folders of other formats, known by a file in them.
  private static let kinds: [(mark: [String], fact: String, remedy: String)] = [
    (
      ["saved_model.pb"], "is a TensorFlow SavedModel, which isn't supported",
      "load it with TensorFlow and save the weights with model.save_weights(\"x.weights.h5\")"
    ),
    (
      ["checkpoint"], "is a folder of TensorFlow checkpoints, which aren't supported",
      "load the model and save the weights with model.save_weights(\"x.weights.h5\")"
    ),
    (
      ["_METADATA", "orbax.checkpoint", "_CHECKPOINT_METADATA"],
      "is an Orbax checkpoint, which isn't supported",
      "restore it and store its arrays with safetensors.flax.save_file"
    ),
    (
      [".zarray", ".zgroup", "zarr.json"], "is a Zarr store, which isn't supported",
      "store its arrays with numpy.savez"
    ),
    (
      ["pytorch_model.bin", "pytorch_model.bin.index.json"],
      "is a folder of a model in PyTorch's own format",
      "name the file pytorch_model.bin, or save the model with safe_serialization=True"
    ),
  ]
}

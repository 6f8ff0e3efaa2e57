import ArgumentParser
import Checkpoints
import Merging
import Terminal

extension MergeOptions {
  /// The options that change an output's bytes, by their names; nil where all are at their defaults.
  var recorded: [String: String]? {
    var options: [String: String] = [:]
    if dtype != .keep { options["dtype"] = dtype.rawValue }
    if optimizer != .first { options["optimizer"] = optimizer.rawValue }
    if layout != .contiguous { options["layout"] = layout.rawValue }
    if let compress { options["compress"] = "gzip:\(compress.level)" }
    if nonFinite != .error { options["non-finite"] = nonFinite.rawValue }
    if clampVariance { options["clamp-variance"] = "" }
    return options.isEmpty ? nil : options
  }

  /// Options as they were recorded.
  ///
  /// - Throws: ``CheckpointError`` where this program doesn't know one.
  static func recorded(
    _ options: [String: String], output: String, threads: Int
  ) throws(CheckpointError) -> MergeOptions {
    var arguments = ["--output", output, "--threads", "\(threads)", "--quiet"]
    for (name, value) in options.sorted(by: { $0.key < $1.key }) {
      arguments.append("--\(name)")
      if !value.isEmpty { arguments.append(value) }
    }
    do {
      return try parse(arguments)
    } catch {
      throw .unusable(
        output, "was made with options that this version doesn't know: \(options)",
        remedy: "use the version that made it")
    }
  }

  /// Refuses options whose place is in a recipe.
  ///
  /// - Throws: ``CheckpointError`` of kind `usage`.
  func refuseWhatRecipesSay() throws(CheckpointError) {
    let misplaced = [
      ("--include", !include.isEmpty), ("--exclude", !exclude.isEmpty),
      ("--rename", !names.rename.isEmpty), ("--map", names.map != nil),
    ]
    guard let option = misplaced.first(where: \.1) else { return }
    throw CheckpointError(
      .usage, subject: option.0, fact: "doesn't go with a recipe",
      remedy: "write rules into the recipe: {match: PATTERN, action: copy}")
  }
}

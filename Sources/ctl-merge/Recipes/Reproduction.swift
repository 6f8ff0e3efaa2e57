import ArgumentParser
import Checkpoints
import FormatRegistry
import Merging
import Terminal

/// A file's recipe, carried out again beside the file, which stays as it is.
struct Reproduction {
  let file: String
  /// Where sources are looked for first.
  let folder: String?
  let threads: Int

  /// Merges again and compares.
  ///
  /// - Returns: Whether all bytes are the same.
  /// - Throws: ``CheckpointError`` where a source is missing or isn't the one that was used.
  func run() throws(CheckpointError) -> Bool {
    let made = try CheckpointFormats.open(file)
    let recorded = try RecordedRecipe(of: made)
    if let version = recorded.version, version != programVersion {
      note("ctl-merge: note: \(file): was made by version \(version), this is \(programVersion)")
    }
    let text = Array(recorded.text.utf8)
    try checkSources(recorded)
    // The weights' own file, also where a folder was named.
    let options = try MergeOptions.recorded(
      recorded.options, output: made.file.name, threads: threads)
    let run = RecipeRun(path: file, text: text, options: options, locate: path)
    // The sources have just been seen to have these digests.
    let again = try run.digest(of: recorded.output, sources: recorded.digests)
    return try again == digest(of: made.file)
  }

  /// Where a source is: as the recipe says, or in the folder.
  private func path(_ name: String) -> String {
    guard let folder else { return name }
    let candidate = "\(folder)/\(lastComponent(of: name))"
    return (try? InputFile.open(candidate)) != nil || FolderListing.names(in: candidate) != nil
      ? candidate : name
  }

  /// Checks that all files are those that were merged.
  private func checkSources(_ recorded: RecordedRecipe) throws(CheckpointError) {
    let files = recorded.digests.keys.sorted()
    let opened = try CheckpointFormats.openAll(files.map(path), threads: threads)
    let found = try digests(
      of: Dictionary(zip(files, opened)) { first, _ in first }, threads: threads)
    for file in files where found[file] != recorded.digests[file] {
      throw .unusable(
        path(file), "isn't the file that was merged: its SHA-256 differs",
        remedy: "name the folder of the original with --sources")
    }
  }
}

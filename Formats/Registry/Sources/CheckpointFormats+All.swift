public import Checkpoints

extension CheckpointFormats {
  /// Opens checkpoints side by side: most of the time of a survey is spent waiting for its worker.
  ///
  /// - Parameters:
  ///   - names: Files' names; `-` for standard input, once.
  ///   - threads: The most threads to use; two are always worth their while.
  /// - Returns: The checkpoints in the order of their names.
  /// - Throws: ``CheckpointError`` of the first name that can't be opened.
  public static func openAll(_ names: [String], threads: Int) throws(CheckpointError)
    -> [Checkpoint]
  {
    if names.count(where: { $0 == "-" }) > 1 {
      throw CheckpointError(
        .usage, subject: "-", fact: "is named twice, but standard input can be read only once")
    }
    let opened = OpenedCheckpoints(count: names.count)
    try forEachConcurrently(count: names.count, threads: max(threads, 2), makeState: { () }) {
      (index, _: inout Void) throws(CheckpointError) in
      opened.set(try open(names[index]), at: index)
    }
    return opened.all
  }
}

import Checkpoints

extension HDF5Tree {
  /// Surveys a file without libhdf5 and without a process.
  ///
  /// What it finds goes through the same checks as a worker's answer.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - superblock: Its superblock, checked.
  /// - Returns: The same tree as the worker's.
  /// - Throws: ``NotUnderstood`` where the file is damaged or uses what isn't known here; only the
  ///   worker can tell which.
  static func surveyNatively(
    _ file: InputFile, _ superblock: Superblock
  ) throws(NotUnderstood) -> HDF5Tree {
    var walk = NativeWalk(
      try NativeSuperblock(file, at: superblock), builder: TreeBuilder(size: file.size))
    let builder = try walk.run()
    do throws(SurveyFault) {
      return try builder.tree(superblockVersion: superblock.version)
    } catch {
      throw NotUnderstood(error.fact)
    }
  }
}

package import Checkpoints

extension HDF5Tree {
  /// Whether a file begins as HDF5 files do, behind a user block or not.
  ///
  /// - Throws: ``CheckpointError`` where the file can't be read.
  package static func recognises(_ file: InputFile) throws(CheckpointError) -> Bool {
    try Superblock.position(in: file) != nil
  }

  /// Surveys a file: here where it is understood completely, else in a worker process.
  ///
  /// - Parameter file: The file; it is read through its descriptor, so it needs no name.
  /// - Returns: The file's tree.
  /// - Throws: ``CheckpointError`` of kind `unusable` where the file is damaged, cut short, crashes
  ///   the library or uses what isn't supported.
  package static func survey(_ file: InputFile) throws(CheckpointError) -> HDF5Tree {
    let superblock = try Superblock(of: file)
    do throws(NotUnderstood) {
      return try surveyNatively(file, superblock)
    } catch {
      return try surveyInWorker(file, superblock)
    }
  }

  /// Surveys a file in a worker process and checks everything that the worker tells.
  ///
  /// - Parameters:
  ///   - file: The file.
  ///   - superblock: Its superblock, checked.
  ///   - patience: The seconds during which the worker may be silent.
  /// - Returns: The file's tree.
  /// - Throws: As ``survey(_:)``.
  static func surveyInWorker(
    _ file: InputFile, _ superblock: Superblock, patience: Int = WorkerProcess.defaultPatience
  ) throws(CheckpointError) -> HDF5Tree {
    let answer = try file.withDescriptor { (descriptor) throws(CheckpointError) in
      try WorkerProcess.answer(
        to: [], mode: .survey, descriptors: [descriptor], file: file.name, patience: patience)
    }
    return try HDF5Tree(
      decoding: answer, of: file.name, size: file.size, superblockVersion: superblock.version)
  }

  /// Builds a tree from a worker's answer.
  init(
    decoding answer: [UInt8], of file: String, size: Int, superblockVersion: Int
  ) throws(CheckpointError) {
    do throws(SurveyFault) {
      self = try TreeBuilder.tree(from: answer, size: size, superblockVersion: superblockVersion)
    } catch {
      throw .unusable(file, tensor: error.tensor, error.fact, remedy: error.remedy)
    }
  }
}

/// What a survey found wrong, before it is known which file it was.
struct SurveyFault: Error {
  var tensor: TensorName?
  let fact: String
  var remedy: String?
}

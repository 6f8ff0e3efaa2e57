import Checkpoints

/// The patterns of an option.
///
/// - Throws: ``CheckpointError`` of kind `usage` that names the option.
func globs(_ patterns: [String], of option: String) throws(CheckpointError) -> [Glob] {
  var globs: [Glob] = []
  for pattern in patterns {
    do throws(CheckpointError) {
      globs.append(try Glob(pattern))
    } catch {
      throw CheckpointError(
        .usage, subject: "\(option) '\(pattern)'", fact: error.fact, remedy: error.remedy)
    }
  }
  return globs
}

package import Checkpoints

/// The patterns of an option.
///
/// - Parameters:
///   - patterns: What was given, once or repeatedly.
///   - option: The option's name with its hyphens.
/// - Returns: The patterns.
/// - Throws: ``CheckpointError`` of kind `usage` that names the option.
package func globs(_ patterns: [String], of option: String) throws(CheckpointError) -> [Glob] {
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

import Checkpoints
import Foundation
import Synchronization
import Yams

/// Reads YAML texts that come from outside.
///
/// Yams builds its nodes recursively, hashes keys of any kind and shares what aliases name. So size
/// and aliases are bounded before it sees the text, it runs on a stack of its own that holds the
/// thousand levels at which libyaml stops, and what it gives is copied with a bound on levels.
enum YAMLText {
  /// The largest text, in bytes.
  static let largest = 1 << 20
  /// The most levels of lists and mappings.
  static let deepest = 64
  /// Holds what Yams needs for a thousand levels, in a build without optimisation too.
  ///
  /// Of the ways to start a thread Foundation's is the one with a choice of the stack that needs no
  /// unsafe pointers; Yams brings Foundation anyway.
  private static let stackSize = 64 << 20

  /// The documents of a text; those that hold nothing are left out.
  ///
  /// - Parameters:
  ///   - bytes: The text in UTF-8.
  ///   - file: The name for errors.
  /// - Returns: One node a document.
  /// - Throws: ``CheckpointError`` with file and line where it isn't YAML or goes beyond a limit.
  static func documents(of bytes: [UInt8], file: String) throws(CheckpointError) -> [YAMLNode] {
    guard bytes.count <= largest else {
      throw .unusable(
        file, "has \(grouped(bytes.count)) bytes, more than the \(grouped(largest)) of a recipe",
        remedy: "is it a recipe?")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unusable(file, "is no text in UTF-8", remedy: "is it a recipe?")
    }
    guard AliasBudget.covers(bytes) else {
      throw .unusable(
        file, "stands for more than \(grouped(AliasBudget.largest)) bytes with its aliases",
        remedy: "write out the values that anchors repeat")
    }
    let outcome = Outcome()
    let thread = Thread {
      let result = Result { () throws(CheckpointError) in try parse(text, file: file) }
      outcome.value.withLock { $0 = result }
      outcome.isThere.signal()
    }
    thread.stackSize = stackSize
    thread.start()
    outcome.isThere.wait()
    guard let result = outcome.value.withLock({ $0 }) else {
      throw .unusable(file, "can't be read", remedy: "try again")
    }
    return try result.get()
  }

  /// What the thread that parses leaves to the one that waits for it.
  private final class Outcome: Sendable {
    let value = Mutex<Result<[YAMLNode], CheckpointError>?>(nil)
    let isThere = DispatchSemaphore(value: 0)
  }

  private static func parse(_ text: String, file: String) throws(CheckpointError) -> [YAMLNode] {
    var documents: [YAMLNode] = []
    do {
      // Without rules nothing is made of a scalar but text: what it says is decided by what is asked.
      let parser = try Yams.Parser(yaml: text, resolver: .basic, encoding: .utf8)
      while let root = try parser.nextRoot() {
        var copy = YAMLCopy(file: file)
        let node = try copy.node(root, level: 0)
        if !node.isNull { documents.append(node) }
      }
    } catch let error as CheckpointError {
      throw error
    } catch let error as YamlError {
      throw fault(error, file: file)
    } catch {
      throw .unusable(file, "isn't YAML: \(error)")
    }
    return documents
  }

  /// Yams's error with its place.
  private static func fault(_ error: YamlError, file: String) -> CheckpointError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let reason = [context?.text, problem].compactMap(\.self).joined(separator: ": ")
      return .unusable(
        "\(file):\(mark.line)", "isn't YAML (\(reason.trimmingPrefix(" ")))",
        remedy: "tabs can't indent, and texts that hold ': ', '#' or start with a sign need quotes")
    case .reader(let problem, _, _, _):
      return .unusable(file, "isn't YAML (\(problem))")
    case .duplicatedKeysInMapping(let keys, let context):
      return .unusable(
        "\(file):\(context.mark.line)",
        "has \(keys.map { "'\($0)'" }.joined(separator: ", ")) twice in one mapping",
        remedy: "keep one")
    default:
      return .unusable(file, "isn't YAML")
    }
  }
}

import TestSupport
import Testing

/// Command lines that are wrong: code 64, a word about what is wrong, and no output.
struct UsageErrorTests {
  private static let soup = ["soup", Sample.mlp("task-a-1"), Sample.mlp("task-a-2"), "-o", "o.h5"]
  private static let line = [
    "lerp", Sample.mlp("task-a-1"), Sample.mlp("task-a-2"), "-o", "o.h5",
  ]
  private static let add = [
    "add", "--base", Sample.mlp("pretrained"), Sample.mlp("task-a-1"), Sample.mlp("task-b"), "-o",
    "o.h5",
  ]

  /// The arguments, and what the message has to contain.
  private static let mistakes: [([String], String)] = [
    (["blend", "a.h5"], "blend"),
    (soup + ["--alpah", "1"], "--alpah"),
    (Array(soup.prefix(3)), "--output"),
    (["soup", Sample.mlp("task-b"), "-o", "o.h5"], "two"),
    (["soup", "-o", "o.h5"], "model"),
    (soup + ["--weights", "1,2,3"], "--weights"),
    (soup + ["--weights", "1"], "--weights"),
    (soup + ["--weights", "1,x"], "--weights"),
    (soup + ["--weights", "1,"], "--weights"),
    (soup + ["--weights", "1,-1"], "--weights"),
    (soup + ["--weights", "nan,1"], "--weights"),
    (soup + ["--weights", "inf,1"], "--weights"),
    (line, "--alpha"),
    (line + ["--alpha", "half"], "--alpha"),
    (line + ["--alpha", "nan"], "--alpha"),
    (line + ["--alpha", "inf"], "--alpha"),
    (add + ["--scales", "1,2,3"], "--scales"),
    (add + ["--scales", "1"], "--scales"),
    (add + ["--scales", "1,2", "--scale", "1"], "--scale"),
    (add + ["--scale", "nan"], "--scale"),
    (["add", Sample.mlp("task-a-1"), "-o", "o.h5"], "--base"),
    (["task-vector", Sample.mlp("task-a-1"), "-o", "o.h5"], "--base"),
    (soup + ["--dtype", "float12"], "--dtype"),
    (soup + ["--optimizer", "second"], "--optimizer"),
    (soup + ["--non-finite", "maybe"], "--non-finite"),
    (soup + ["--layout", "chunky"], "--layout"),
    (soup + ["--threads", "0"], "--threads"),
    (soup + ["--threads", "many"], "--threads"),
    (soup + ["--include", ""], "--include ''"),
    (Array(soup.prefix(3)) + ["-o", "-", "--json"], "--json"),
    (["inspect"], "file"),
    (["inspect", Sample.mlp("task-b"), Sample.mlp("task-b")], "task-b"),
    (["diff", Sample.mlp("task-b")], "second"),
    (["diff", Sample.mlp("task-b"), Sample.mlp("task-b"), "--tolerance", "-1"], "--tolerance"),
    (["verify"], "file"),
    (["soup", "-", "-", "-o", "o.h5"], "standard input"),
    (["diff", "-", "-"], "standard input"),
  ]

  @Test(arguments: mistakes)
  func aWrongCommandLineIsNamedAndLeavesNothing(arguments: [String], words: String) throws {
    let bench = try Workbench()
    let run = try bench.run(arguments)
    #expect(run.code == 64, "\(arguments): \(run)")
    #expect(run.errors.lowercased().contains(words), "\(arguments): \(run)")
    #expect(run.output.isEmpty, "\(arguments): \(run)")
    #expect(try bench.holds())
  }

  @Test func standardOutputCanNotTakeTheCheckpointAndTheSummary() throws {
    let bench = try Workbench()
    let run = try bench.run(Array(Self.soup.prefix(3)) + ["-o", "-", "--json"])
    #expect(run.errors.contains("standard output"), "\(run)")
    // A plan is no checkpoint: it may be had in JSON for a run that will write to a pipe.
    let plan = try bench.done(
      Self.soup[0], Self.soup[1], Self.soup[2], "-o", "-", "--dry-run", "--json")
    #expect(try plan.json(Summary.self).output == "-")
  }
}

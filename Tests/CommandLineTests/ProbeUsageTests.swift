import TestSupport
import Testing

/// What `ctl-probe` tells about itself, and command lines that are wrong.
struct ProbeUsageTests {
  private static let verbs = [
    "linearity", "soup", "addition", "negation", "matrix", "evaluate", "barrier", "stitch",
    "features",
  ]
  private static let data = ["--data", Sample.folder + "/test.h5"]
  private static let pair = [Sample.mlp("task-a-1"), Sample.mlp("task-a-2")]
  private static let line = pair + data
  private static let base = ["--base", Sample.mlp("pretrained")]

  /// The arguments, and what the message has to contain.
  private static let mistakes: [([String], String)] = [
    ([], "'<a>'"),
    (["blend"] + line, "task-a-2"),
    (pair, "--data"),
    (["linearity", Sample.mlp("task-b")] + data, "'<b>'"),
    (line + ["--alpah", "1"], "--alpah"),
    (line + ["--alphas", "half"], "--alphas"),
    (line + ["--alphas", "0.5,nan"], "--alphas: nan"),
    (line + ["--alphas", "0.5,0.25,0.5"], "twice"),
    (line + ["--alphas", "0:1:0"], "--alphas"),
    (line + ["--alpha", "0.5"], "--merged"),
    (line + ["--merged", "m.h5", "--alphas", "0.5"], "--alpha"),
    (line + ["--merged", "m.h5", "--alpha", "inf"], "--alpha: inf"),
    (line + ["--bn", "recompute"], "--bn"),
    (line + ["--bn", "reset"], "--calibrate"),
    (line + ["--calibrate", "c.h5"], "--bn reset"),
    (line + ["--batch-size", "0"], "--batch-size: is 0"),
    (line + ["--limit", "0"], "--limit: is 0"),
    (line + ["--threads", "0"], "--threads: is 0"),
    (line + ["--layers", ""], "--layers ''"),
    (line + ["--fail-on", "linear"], "--fail-on"),
    (line + ["--color", "red"], "--color"),
    (line + ["--json", "--csv", "-"], "standard output"),
    (line + ["--csv", "r", "--html", "r"], "--csv and --html"),
    (["--data", "-", "-", Sample.mlp("task-b")], "standard input"),
    (["barrier"] + line + ["--points", "10"], "--points: is 10"),
    (["barrier"] + line + ["--points", "1"], "--points: is 1"),
    (["soup", Sample.mlp("task-b")] + data, "at least two"),
    (["soup"] + line + ["--weights", "1,2,3"], "3 numbers for 2 models"),
    (["soup"] + line + ["--weights", "1,-1"], "--weights"),
    (["addition"] + line, "--base"),
    (["addition", Sample.mlp("task-b")] + base + data, "'<t2>'"),
    (["negation"] + line + base, "task-a-2"),
    (["negation", Sample.mlp("task-b")] + base + data + ["--scale", "1,1"], "--scale"),
    (["matrix"] + line, "at least three"),
    (["evaluate"] + data, "'<model> ...'"),
    (["evaluate"] + line + ["--fail-on", "weak"], "no verdict"),
    (["features", Sample.mlp("task-b")] + data, "--output"),
    (["features", Sample.mlp("task-b")] + data + ["-o", "f.h5", "--csv", "f.csv"], "--csv"),
    (["features", Sample.mlp("task-b")] + data + ["-o", "-", "--json"], "standard output"),
    (["features", Sample.mlp("task-b")] + data + ["-o", "f.pt"], ".pt files aren't written"),
  ]

  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  @Test(arguments: mistakes)
  func aWrongCommandLineIsNamedAndLeavesNothing(arguments: [String], words: String) throws {
    let run = try bench.probe(arguments)
    #expect(run.code == 64, "\(arguments): \(run)")
    #expect(run.errors.contains(words), "\(arguments): \(run)")
    #expect(run.output.isEmpty, "\(arguments): \(run)")
    #expect(try bench.holds())
  }

  @Test func outputsAreJudgedBeforeAnythingIsRead() throws {
    try bench.folder.write(Array("mine".utf8), to: "taken")
    let missing = ["a.h5", "b.h5", "--data", "d.h5"]
    for output in [["--csv", "taken"], ["--html", "taken"], ["--csv", "no/where"]] {
      let run = try bench.probe(missing + output)
      #expect(run.code == 74, "\(output): \(run)")
      #expect(run.errors.contains(output[1]), "\(run)")
    }
    let run = try bench.probe(["features", "a.h5", "--data", "d.h5", "-o", "taken"])
    #expect(run.code == 74 && run.errors.contains("--force"), "\(run)")
    #expect(try bench.folder.bytes("taken") == Array("mine".utf8))
    #expect(try bench.holds("taken"))
  }

  @Test func helpListsEveryVerbAndTheExitCodes() throws {
    let help = try bench.probe(["--help"])
    #expect(help.code == 0 && help.errors.isEmpty, "\(help)")
    for verb in Self.verbs { #expect(help.text.contains("\n  \(verb) "), "\(verb)") }
    for code in ["0 ", "1 ", "2 ", "3 ", "64 ", "74 ", "130 "] {
      #expect(help.text.contains("\n  \(code)"), "\(code)")
    }
  }

  @Test(arguments: verbs) func helpOfAVerbHasExamplesThatTheParserTakes(verb: String) throws {
    let help = try bench.probe([verb, "--help"])
    let examples = help.text.split(separator: "\n").filter {
      $0.drop { $0 == " " }.hasPrefix("ctl-probe ")
    }
    #expect(examples.contains { $0.contains("ctl-probe \(verb) ") }, "\(help)")
    for example in examples {
      let run = try bench.shell(String(example))
      // None of the files is there; a mistake of the command line is followed by its usage.
      #expect(run.code != 0 && !run.errors.contains("Usage:"), "\(example): \(run)")
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsNameEveryVerb(shell: String) throws {
    let script = try bench.probe(["--generate-completion-script", shell])
    for verb in Self.verbs { #expect(script.text.contains(verb), "\(verb)") }
    #expect(script.text.contains("fail-on"))
  }

  @Test func bothProgramsHaveOneVersion() throws {
    #expect(try bench.probe(["--version"]).text == bench.run("--version").text)
  }
}

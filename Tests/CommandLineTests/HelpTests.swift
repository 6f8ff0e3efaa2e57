import TestSupport
import Testing

/// What the program tells about itself.
struct HelpTests {
  private static let verbs = [
    "soup", "interpolate", "task-vector", "add", "negate", "inspect", "stats", "diff", "verify",
  ]
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  @Test func helpListsEveryVerbAndTheExitCodes() throws {
    let help = try bench.done("--help")
    for verb in Self.verbs { #expect(help.text.contains("\n  \(verb)"), "\(verb)") }
    for code in ["0 ", "1 ", "2 ", "3 ", "64 ", "74 ", "130 "] {
      #expect(help.text.contains("\n  \(code)"), "\(code)")
    }
    #expect(help.errors.isEmpty)
  }

  @Test(arguments: verbs) func helpOfAVerbHasExamplesOfIt(verb: String) throws {
    let help = try bench.done(verb, "--help")
    #expect(help.text.contains("EXAMPLES"))
    #expect(help.text.contains("ctl-merge \(verb) "))
    #expect(help.errors.isEmpty)
    // An example that the parser refuses would teach a mistake; none of these files is there.
    let examples = help.text.split(separator: "\n").filter {
      $0.drop { $0 == " " }.hasPrefix("ctl-merge ")
    }
    #expect(!examples.isEmpty)
    for example in examples {
      let run = try bench.shell(String(example))
      #expect(run.code == 2, "\(example): \(run)")
      #expect(run.errors.contains("No such file"), "\(example): \(run)")
    }
  }

  @Test func theVersionIsOneLine() throws {
    let run = try bench.done("--version")
    #expect(run.text.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil, "\(run)")
    #expect(run.errors.isEmpty)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsNameEveryVerb(shell: String) throws {
    let script = try bench.done("--generate-completion-script", shell)
    for verb in Self.verbs { #expect(script.text.contains(verb), "\(verb)") }
    #expect(script.text.contains("clamp-variance"))
  }

  @Test func bashTakesTheCompletions() throws {
    let run = try bench.shell("ctl-merge --generate-completion-script bash | bash -n")
    #expect(run.code == 0, "\(run)")
  }
}

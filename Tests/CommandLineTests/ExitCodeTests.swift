import TestSupport
import Testing

/// Failures of the files and of the numbers: their codes, their words, and that nothing is left.
/// (64 is in `UsageErrorTests`, 74 in `OutputTests`, 130 in `InterruptionTests`.)
struct ExitCodeTests {
  private let bench: Workbench
  private let base = Sample.cnn("pretrained")
  private let tuned = Sample.cnn("task-b")

  init() throws {
    bench = try Workbench()
  }

  @Test func aMissingFileIsNamed() throws {
    for arguments in [
      ["soup", base, "no.h5", "-o", "o.h5"], ["lerp", "no.h5", base, "--alpha", "1", "-o", "o.h5"],
      ["task-vector", base, "--base", "no.h5", "-o", "o.h5"],
      ["add", "--base", base, "no.h5", "-o", "o.h5"],
      ["negate", "--base", "no.h5", base, "-o", "o.h5"], ["inspect", "no.h5"],
      ["diff", base, "no.h5"], ["verify", "no.h5"],
    ] {
      let run = try bench.run(arguments)
      #expect(run.code == 2, "\(arguments): \(run)")
      #expect(run.errors.contains("no.h5") && run.output.isEmpty, "\(arguments): \(run)")
    }
    #expect(try bench.holds())
  }

  @Test func everyMismatchIsListedBeforeAnythingIsWritten() throws {
    let run = try bench.run("soup", Sample.mlp("task-b"), tuned, "-o", "o.h5")
    #expect(run.code == 2)
    for name in ["hidden_1", "hidden_2", "conv_1", "conv_3", "norm_2"] {
      #expect(run.errors.contains(name), "\(name): \(run)")
    }
    #expect(try bench.holds())
  }

  @Test func valuesThatAreNotFiniteAreAnErrorUnlessAllowed() throws {
    let file = Vector.hdf5 + "/nonfinite.h5"
    let run = try bench.run("soup", file, file, "-o", "o.h5")
    #expect(run.code == 3, "\(run)")
    #expect(run.errors.contains("infinite") || run.errors.contains("nan"), "\(run)")
    #expect(try bench.holds())
    try bench.done("soup", file, file, "-o", "o.h5", "--non-finite", "allow")
    #expect(try bench.areEqual(file, "o.h5"))
  }

  @Test func aNegativeVarianceIsAnErrorUnlessClamped() throws {
    let arguments = ["negate", "--base", base, tuned, "--scale", "30", "-o", "o.h5"]
    let run = try bench.run(arguments)
    #expect(run.code == 3, "\(run)")
    #expect(run.errors.contains("moving_variance"), "\(run)")
    #expect(try bench.holds())
    let clamped = try bench.run(arguments + ["--clamp-variance"])
    #expect(clamped.code == 0, "\(clamped)")
    let variances = try bench.inspect("o.h5", stats: true).tensors.filter {
      $0.name.contains("moving_variance")
    }
    #expect(!variances.isEmpty)
    #expect(variances.contains { $0.stats?.min == 0 })
    #expect(variances.allSatisfy { ($0.stats?.min ?? -1) >= 0 })
  }

  @Test func verificationTellsDamageFromNumbers() throws {
    try bench.folder.write(bench.folder.bytes(tuned).dropLast(4000), to: "cut.h5")
    let run = try bench.run("verify", "cut.h5")
    #expect(run.code == 2, "\(run)")
    #expect((run.errors + run.text).contains("cut.h5"), "\(run)")
    #expect(try bench.run("verify", Vector.hdf5 + "/nonfinite.h5").code == 3)
    #expect(try bench.run("verify", tuned).code == 0)
  }

  @Test func modelsAndTaskVectorsAreNotMixed() throws {
    try bench.done("task-vector", tuned, "--base", base, "-o", "tau.h5")
    for arguments in [
      ["soup", base, "tau.h5"], ["lerp", "tau.h5", base, "--alpha", "0.5"],
      ["task-vector", "tau.h5", "--base", base], ["add", "--base", "tau.h5", tuned],
    ] {
      let run = try bench.run(arguments + ["-o", "o.h5"])
      #expect(run.code == 2, "\(arguments): \(run)")
      #expect(run.errors.contains("tau.h5") && run.errors.contains("task vector"), "\(run)")
    }
    #expect(try bench.holds("tau.h5"))
    try bench.done("soup", "tau.h5", "tau.h5", "-o", "mean.h5")
    #expect(try bench.inspect("mean.h5").metadata["ctl_merge"]?.contains("task-vector") == true)
  }

  @Test func aTaskVectorOfAnotherBaseIsNoted() throws {
    try bench.done("task-vector", tuned, "--base", base, "-o", "tau.h5")
    let right = try bench.done("add", "--base", base, "tau.h5", "-o", "1.h5", "--json")
    #expect(try right.json(Summary.self).warnings.isEmpty)
    let other = Sample.cnn("task-a-3")
    let wrong = try bench.done("add", "--base", other, "tau.h5", "-o", "2.h5", "--json")
    #expect(try wrong.json(Summary.self).warnings.contains { $0.contains("another base") })
  }
}

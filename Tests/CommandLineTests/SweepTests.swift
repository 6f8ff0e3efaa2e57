import TestSupport
import Testing

/// Several outputs from one pass over the sources, each as if it had been made alone.
struct SweepTests {
  private let bench: Workbench
  private let a = Sample.cnn("task-a-1")
  private let b = Sample.cnn("task-b")
  private let base = Sample.cnn("pretrained")

  init() throws {
    bench = try Workbench()
  }

  /// In place, laid out anew, and in chunks, whose order in the file must not depend on threads.
  @Test(arguments: [[], ["--dtype", "float16"], ["--compress", "gzip:4"]] as [[String]])
  func eachOutputIsTheOneMadeAlone(options: [String]) throws {
    try bench.done(
      ["interpolate", a, b, "--alpha", "-0.5:1:0.5", "-o", "m{alpha}.h5"] + options)
    for alpha in ["-0.5", "0", "0.5", "1"] {
      try bench.done(
        ["interpolate", a, b, "--alpha", alpha, "-o", "alone.h5", "--force", "--threads", "1"]
          + options)
      #expect(try bench.folder.bytes("m\(alpha).h5") == bench.folder.bytes("alone.h5"), "\(alpha)")
    }
  }

  @Test func scalesOfTaskVectorsSweepToo() throws {
    try bench.done(["add", "--base", base, a, b, "--scale", "0.25,1", "-o", "s{scale}.h5"])
    for scale in ["0.25", "1"] {
      try bench.done(
        ["add", "--base", base, a, b, "--scale", scale, "-o", "alone.h5", "--force"])
      #expect(try bench.folder.bytes("s\(scale).h5") == bench.folder.bytes("alone.h5"), "\(scale)")
    }
  }

  @Test func aRangeNamesItsValuesAsAPersonWouldWriteThem() throws {
    try bench.done(["interpolate", a, b, "--alpha", "0:1:0.1", "-o", "m{alpha}.h5", "--quiet"])
    let expected = ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1"]
    #expect(try Set(bench.folder.names) == Set(expected.map { "m\($0).h5" }))
  }

  @Test(
    arguments: [
      (["0:1:0.5"], "o.h5", "{alpha}"), (["1,1"], "o{alpha}.h5", "twice"),
      (["0:1:0"], "o{alpha}.h5", "--alpha"), (["0:1:-1"], "o{alpha}.h5", "--alpha"),
      (["0:1"], "o{alpha}.h5", "--alpha"), (["0,x"], "o{alpha}.h5", "--alpha"),
    ])
  func aSweepThatMakesNoSenseIsRefused(alpha: [String], output: String, word: String) throws {
    let run = try bench.run(["interpolate", a, b, "--alpha"] + alpha + ["-o", output])
    #expect(run.code == 64 && run.errors.contains(word), "\(run)")
    #expect(try bench.folder.names.isEmpty)
  }

  @Test func nothingIsWrittenWhereOneOutputMayNot() throws {
    try bench.done(["interpolate", a, b, "--alpha", "1", "-o", "m1.h5"])
    let before = try bench.folder.bytes("m1.h5")
    let run = try bench.run(["interpolate", a, b, "--alpha", "0,1", "-o", "m{alpha}.h5"])
    #expect(run.code == 74 && run.errors.contains("m1.h5"), "\(run)")
    #expect(try bench.folder.names == ["m1.h5"])
    #expect(try bench.folder.bytes("m1.h5") == before)
  }
}

import TestSupport
import Testing

/// Models that are folders: what is made of them is a folder too, unless its name says a file.
struct FolderTests {
  private let bench: Workbench
  private let a = "a"
  private let b = "b"

  init() throws {
    bench = try Workbench()
    for (name, sample) in [(a, "task-a-1"), (b, "task-a-2")] {
      let run = try bench.run(
        "convert", Sample.mlp(sample), name, "--shard-size", "20kB", "--exclude", "optimizer*")
      #expect(run.code == 0, "\(run)")
      try bench.folder.write(Array("{\"of\": \"\(name)\"}".utf8), to: "\(name)/config.json")
      try bench.folder.write(Array("{}".utf8), to: "\(name)/tokenizer.json")
    }
  }

  private func list(_ path: String) throws -> [String] {
    try bench.shell("ls -A \(path)").text.split(separator: "\n").map(String.init)
  }

  @Test func aMergeOfFoldersIsAFolderWithTheTemplatesSideFiles() throws {
    let run = try bench.run("soup", a, b, "-o", "mean")
    #expect(run.code == 0, "\(run)")
    #expect(try list("mean") == ["config.json", "model.safetensors", "tokenizer.json"])
    #expect(try bench.shell("cat mean/config.json").text == "{\"of\": \"a\"}")
    let file = try bench.run("soup", a, b, "-o", "mean.safetensors")
    #expect(file.code == 0, "\(file)")
    #expect(try bench.shell("cmp mean/model.safetensors mean.safetensors").code == 0)
    // A folder is never replaced.
    #expect(try bench.run("soup", a, b, "-o", "mean", "--force").code == 74)
  }

  @Test func aSweepMakesAFolderEach() throws {
    let run = try bench.run("interpolate", a, b, "--alpha", "0:1:0.5", "-o", "at-{alpha}")
    #expect(run.code == 0, "\(run)")
    for name in ["at-0", "at-0.5", "at-1"] {
      #expect(try list(name) == ["config.json", "model.safetensors", "tokenizer.json"])
    }
    #expect(try bench.run("diff", "at-0", b).code == 0)
    #expect(try bench.run("diff", "at-1", a).code == 0)
  }

  @Test func aConvertedFolderIsAFolder() throws {
    let run = try bench.run("convert", a, "half", "--dtype", "float16")
    #expect(run.code == 0, "\(run)")
    #expect(try list("half") == ["config.json", "model.safetensors", "tokenizer.json"])
    #expect(try bench.run("convert", a, "whole.npz").code == 0)
    #expect(try bench.run("diff", a, "whole.npz").code == 0)
  }

  @Test func whatFailsLeavesNoFolderBehind() throws {
    #expect(try bench.run("convert", b, "other.safetensors", "--rename", "^=>x.").code == 0)
    #expect(try bench.run("soup", a, "other.safetensors", "-o", "none").code == 2)
    #expect(try bench.run("soup", a, b, "-o", "none", "--dry-run").code == 0)
    #expect(try bench.run("soup", a, b, "-o", "none/deeper").code == 74)
    #expect(try list(".").filter { $0.contains("none") || $0.contains("ctl-") }.isEmpty)
  }
}

import TestSupport
import Testing

/// `convert`, and merges whose inputs and output are of different formats.
struct ConvertTests {
  private let bench: Workbench
  private let a = Sample.mlp("task-a-1")
  private let b = Sample.mlp("task-a-2")

  init() throws {
    bench = try Workbench()
  }

  @Test(arguments: ["safetensors", "npz"])
  func thereAndBackIsEqual(suffix: String) throws {
    #expect(try bench.run("convert", a, "x.\(suffix)").code == 0)
    #expect(try bench.run("diff", a, "x.\(suffix)").code == 0)
    #expect(try bench.run("convert", "x.\(suffix)", "back.h5").code == 0)
    #expect(try bench.run("diff", a, "back.h5").code == 0)
    #expect(try bench.run("verify", "x.\(suffix)").code == 0)
  }

  @Test func tiesThatAFormatLacksAreNamed() throws {
    let tied = Vector.keras + "/keras-tied.h5"
    let apart = try bench.run("convert", tied, "apart.npz")
    #expect(apart.code == 0 && apart.errors.contains("stored apart"), "\(apart)")
    #expect(try bench.run("soup", tied, tied, "-o", "soup.npz").errors.contains("stored apart"))
    // Nobody is told what they asked for, or what didn't happen.
    let asked = try bench.run("convert", tied, "asked.npz", "--tied", "duplicate")
    #expect(asked.code == 0 && !asked.errors.contains("apart:"), "\(asked)")
    #expect(!(try bench.run("convert", tied, "kept.h5").errors.contains("apart:")))
  }

  @Test func aMixtureMergesLikeOneFormat() throws {
    #expect(try bench.run("convert", b, "b.safetensors").code == 0)
    #expect(try bench.run("soup", a, "b.safetensors", "-o", "mixed.npz").code == 0)
    #expect(try bench.run("soup", a, b, "-o", "pure.h5").code == 0)
    let run = try bench.run("diff", "mixed.npz", "pure.h5")
    #expect(run.code == 0, "\(run)")
  }

  @Test func namesChangeByPatternAndByMap() throws {
    try bench.folder.write(
      Array(#"{"digit.bias": "head.bias"}"#.utf8), to: "map.json")
    let pattern = "^model_weights/([^/]+)/.*/([a-z]+)$=>$1.$2"
    let first = try bench.run(
      "convert", a, "x.safetensors", "--rename", pattern, "--exclude", "optimizer*")
    #expect(first.code == 0, "\(first)")
    #expect(try bench.run("convert", "x.safetensors", "y.npz", "--map", "map.json").code == 0)
    let listed = try bench.run("inspect", "y.npz").text
    #expect(listed.contains("head.bias") && listed.contains("hidden_1.kernel"))
    #expect(!listed.contains("digit.bias") && !listed.contains("model_weights"))
  }

  @Test func aSourceIsRenamedToMatchTheTemplate() throws {
    let renamed = try bench.run(
      "convert", b, "b.npz", "--rename", "model_weights=>net", "--exclude", "optimizer*")
    #expect(renamed.code == 0, "\(renamed)")
    #expect(try bench.run("soup", a, "b.npz", "-o", "no.h5").code == 2)
    let run = try bench.run("soup", a, "b.npz", "-o", "yes.h5", "--rename", "^net=>model_weights")
    #expect(run.code == 0, "\(run)")
    #expect(try bench.run("soup", a, b, "-o", "pure.h5").code == 0)
    #expect(try bench.run("diff", "yes.h5", "pure.h5").code == 0)
  }

  @Test func aFolderOfPartsIsTheSameModel() throws {
    let out = try bench.run(
      "convert", a, "parts", "--shard-size", "20kB", "--exclude", "optimizer*")
    #expect(out.code == 0, "\(out)")
    let names = try bench.shell("ls parts").text.split(separator: "\n").map(String.init)
    #expect(names.contains("model.safetensors.index.json") && names.count > 2)
    #expect(names.contains("model-00001-of-0000\(names.count - 1).safetensors"))
    #expect(try bench.run("verify", "parts").code == 0)
    #expect(try bench.run("diff", a, "parts", "--exclude", "optimizer*").code == 0)
    // Side files go along, and the parts become one again.
    try bench.folder.write(Array("{}".utf8), to: "parts/config.json")
    let again = try bench.run("convert", "parts", "again", "--shard-size", "1GB")
    #expect(again.code == 0, "\(again)")
    #expect(
      try bench.shell("ls again").text.split(separator: "\n").map(String.init) == [
        "config.json", "model-00001-of-00001.safetensors", "model.safetensors.index.json",
      ])
    #expect(try bench.run("convert", "again", "whole.safetensors").code == 0)
    #expect(try bench.run("diff", "parts", "whole.safetensors").code == 0)
    #expect(try bench.run("convert", a, "again", "--shard-size", "1GB").code == 74)
    #expect(try bench.run("convert", a, "b", "--shard-size", "much").code == 64)
    #expect(try bench.shell("ls -A | grep ctl-").text.isEmpty)
  }

  @Test func kerasFindsItsVariablesInParts() throws {
    #expect(try bench.run("convert", a, "whole.keras").code == 0)
    let out = try bench.run(
      "convert", "whole.keras", "parts", "--format", "hdf5", "--shard-size", "20kB", "--optimizer",
      "drop")
    #expect(out.code == 0, "\(out)")
    let names = try bench.shell("ls parts").text.split(separator: "\n").map(String.init)
    #expect(names.first == "model.weights.json" && names.dropFirst(2).first != nil)
    #expect(try bench.run("verify", "parts").code == 0)
    #expect(try bench.run("diff", "whole.keras", "parts", "--exclude", "optimizer*").code == 0)
    // The layers' names go along.
    #expect(try bench.run("inspect", "parts").text.contains("hidden_1"))
    // The names of a legacy file aren't those by which Keras looks parts up.
    let legacy = try bench.run("convert", a, "no", "--format", "hdf5", "--shard-size", "20kB")
    #expect(legacy.code == 2 && legacy.errors.contains("vars/0"), "\(legacy)")
    #expect(try bench.run("convert", a, "no", "--format", "npz", "--shard-size", "1MB").code == 64)
    #expect(try bench.shell("ls -A | grep -e ctl- -e no").text.isEmpty)
  }

  @Test(arguments: [
    "c.pt", "c.GGUF", "c.onnx", "c.weights.json", "c.safetensors.index.json", "c.tar",
  ])
  func aNameOfAnotherFormatIsRefused(name: String) throws {
    let merge = try bench.run("soup", a, b, "-o", name)
    #expect(merge.code == 64 && merge.errors.contains(name), "\(merge)")
    #expect(merge.errors.contains("; name "), "\(merge)")
    #expect(try bench.run("convert", a, name).code == 64)
    #expect(try bench.shell("ls -A | grep '^c[.]'").text.isEmpty)
    // Whoever names a format has it.
    #expect(try bench.run("convert", a, name, "--format", "npz").code == 0)
  }

  @Test func aLegacyModelBecomesAnArchive() throws {
    let made = try bench.run("convert", a, "y.keras")
    #expect(made.code == 0 && made.errors.contains("optimizer's 14 tensors are left out"))
    let bare = try bench.run("convert", a, "z.keras", "--optimizer", "drop")
    #expect(bare.code == 0 && !bare.errors.contains("note"), "\(bare)")
    #expect(try bench.run("verify", "y.keras").code == 0)
    #expect(
      try bench.run(
        "diff", a, "y.keras", "--match", "keras", "--exclude", "optimizer*"
      ).code == 0)
    #expect(try bench.run("diff", a, "y.keras").code == 1)
    // Two layouts in one merge, and an archive modelled on a legacy file.
    let merge = ["soup", a, "y.keras", "--match", "keras", "-o"]
    #expect(try bench.run(merge + ["mean.h5"]).code == 0)
    #expect(try bench.run("diff", a, "mean.h5").code == 0)
    #expect(try bench.run(merge + ["mean.keras"]).code == 0)
    #expect(try bench.run("diff", "y.keras", "mean.keras").code == 0)
    #expect(try bench.run("soup", a, "y.keras", "-o", "z.h5").code == 2)
  }

  @Test func whatDoesNotFitIsCounted() throws {
    let run = try bench.run("convert", a, "half.npz", "--dtype", "float16", "--json")
    #expect(run.code == 0 && run.text.contains("\"losses\""), "\(run)")
  }

  @Test(arguments: [
    (["convert", "x", "y.keras"], 2), (["convert", "--rename", "a", "IN", "y.npz"], 64),
    (["convert", "--rename", "(=>b", "IN", "y.npz"], 64), (["convert", "IN", "y.npy"], 64),
    (["convert", "IN", "y.keras", "--exclude", "*kernel"], 64),
    (["convert", "IN", "y.npz", "--dtype", "bfloat16"], 2),
    (["soup", "IN", "IN", "-o", "y.npz", "--compress", "gzip:4"], 64),
  ])
  func whatCanNotBeDoneIsSaid(arguments: [String], code: Int) throws {
    let run = try bench.run(arguments.map { $0 == "IN" ? a : $0 })
    #expect(run.code == Int32(code) && !run.errors.isEmpty, "\(run)")
    #expect(try bench.holds())
  }
}

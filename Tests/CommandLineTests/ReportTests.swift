import TestSupport
import Testing

/// What the program prints, for scripts and for people.
struct ReportTests {
  private let bench: Workbench
  private let a = Sample.cnn("task-a-1")
  private let b = Sample.cnn("task-b")

  init() throws {
    bench = try Workbench()
  }

  @Test func inspectionDescribesEveryTensor() throws {
    let report = try bench.inspect(a)
    #expect(report.file == a)
    #expect(report.format.contains("keras"))
    #expect(report.totals.tensors == report.tensors.count { $0.aliasOf == nil })
    #expect(Set(report.tensors.map(\.name)).count == report.tensors.count)
    let roles = Set(report.tensors.map(\.role))
    #expect(roles.isSuperset(of: ["weight", "statistic", "optimizer"]))
    #expect(
      roles.isSubset(of: ["weight", "statistic", "counter", "seed", "optimizer", "other"]))
    for tensor in report.tensors {
      #expect(!tensor.name.hasPrefix("/"))
      #expect(tensor.stats == nil)
      #expect(["contiguous", "chunked", "compact", "unallocated"].contains(tensor.storage))
      if tensor.dtype == "float32" {
        #expect(tensor.bytes == tensor.shape.reduce(4, *))
      }
    }
    #expect(report.tensors.contains { $0.layer == "conv_1" && $0.shape.count == 4 })
    #expect(report.metadata["backend"] != nil)
  }

  @Test func statisticsAreOfTheValues() throws {
    let report = try bench.inspect(Vector.hdf5 + "/nonfinite.h5", stats: true)
    let finite = try #require(report.tensor("finite")?.stats)
    #expect(finite.min == -7.5)
    #expect(finite.max == -4)
    #expect(finite.mean == -5.75)
    #expect(finite.nan == 0)
    #expect(try #require(report.tensor("infinite")?.stats).inf == 2)
    #expect(try #require(report.tensor("nan")?.stats).nan == 1)
    #expect(finite.sha256.wholeMatch(of: /[0-9a-f]{64}/) != nil)
  }

  @Test func histogramsCountFiniteValuesInEqualSteps() throws {
    let report = try bench.inspect(a, stats: true)
    for tensor in report.tensors {
      let stats = try #require(tensor.stats)
      let histogram = try #require(stats.histogram, "\(tensor.name)")
      #expect(histogram.counts.count == 16)
      #expect(histogram.counts.reduce(0, +) == tensor.shape.reduce(1, *))
      #expect(histogram.min == stats.min && histogram.max == stats.max)
      // The greatest value is in the last step unless it is the least too.
      if histogram.min < histogram.max { #expect((histogram.counts.last ?? 0) > 0) }
      #expect((histogram.counts.first ?? 0) > 0)
    }
    let odd = try bench.inspect(Vector.hdf5 + "/nonfinite.h5", stats: true)
    #expect(try #require(odd.tensor("nan")?.stats?.histogram?.counts.reduce(0, +)) < 4)
  }

  /// The figures are those of `model.summary()` of Keras.
  @Test func layersAreThoseOfTheConfiguration() throws {
    let report = try bench.inspect(a)
    #expect(report.model?.name == "digits_cnn")
    #expect(report.totals.trainable == 9162)
    #expect(report.totals.nonTrainable == 128)
    #expect(report.totals.parameters == 9290)
    let first = try #require(report.layers.first { $0.name == "conv_1" })
    #expect(first.class == "Conv2D" && first.trainable == true && first.parameters == 144)
    #expect(report.layers.reduce(0) { $0 + $1.parameters } == report.totals.parameters)
    // Layers in a model in the model have a path of names, in either layout.
    for name in ["keras3-full-adam.h5", "keras3-sgd.keras"] {
      let nested = try bench.inspect(Vector.keras + "/" + name)
      let layers = nested.layers.map { "\($0.name) \($0.class ?? "") \($0.parameters)" }
      #expect(
        layers == [
          "conv Conv2D 10", "bn_without_scale BatchNormalization 6", "block/inner_dense Dense 38",
          "block/inner_bn BatchNormalization 8", "head Dense 9",
        ])
      #expect(nested.totals.trainable == 63 && nested.totals.nonTrainable == 8)
    }
  }

  @Test func withoutAConfigurationLayersAreThoseOfTheFile() throws {
    let report = try bench.inspect(Vector.keras + "/keras3-sgd.weights.h5")
    #expect(report.model == nil && report.totals.trainable == nil)
    #expect(report.layers.contains { $0.name == "inner_dense" && $0.class == nil })
    let text = try bench.run("inspect", Vector.keras + "/keras-tied.h5").text
    #expect(text.contains("├─ embedding/embedding/embeddings:0"))
    #expect(text.contains("tied to embedding/embedding/embeddings:0"))
    let plain = try bench.inspect(Vector.hdf5 + "/nonfinite.h5")
    #expect(plain.layers.isEmpty)
  }

  @Test func aDifferenceNamesWhatDiffers() throws {
    let equal = try bench.done("diff", b, b, "--json").json(Difference.self)
    #expect(equal.equal)
    #expect(equal.different.isEmpty)

    let run = try bench.run("diff", Sample.cnn("task-a-3"), b, "--json")
    #expect(run.code == 1)
    let report = try run.json(Difference.self)
    #expect(!report.equal)
    #expect(report.onlyInA.isEmpty && report.onlyInB.isEmpty && report.incompatible.isEmpty)
    let tensor = try #require(report.different.first)
    #expect(tensor.maxAbs > 0 && tensor.rmse > 0 && tensor.rmse <= tensor.maxAbs)
    #expect(tensor.cosine <= 1 && tensor.count > 0)
    let largest = report.different.map(\.maxAbs).max() ?? 0
    #expect(
      try bench.run("diff", Sample.cnn("task-a-3"), b, "--tolerance", "\(largest)").code == 0)
  }

  @Test func whatCanNotBeComparedIsListed() throws {
    let run = try bench.run("diff", Sample.mlp("task-b"), b, "--json")
    #expect(run.code == 1 || run.code == 2, "\(run)")
    let report = try run.json(Difference.self)
    #expect(!report.equal)
    #expect(report.onlyInA.contains { $0.contains("hidden_1") })
    #expect(report.onlyInB.contains { $0.contains("conv_1") })
  }

  @Test func thePlanIsTheSummaryWithoutTheWork() throws {
    let planned = try bench.done("soup", a, b, "-o", "o.h5", "--dry-run", "--json")
    let plan = try planned.json(Summary.self)
    #expect(try bench.holds())
    #expect(planned.errors.isEmpty)
    let finished = try bench.done("soup", a, b, "-o", "o.h5", "--json", "--checksum")
    let summary = try finished.json(Summary.self)
    #expect(plan.output == "o.h5" && summary.output == "o.h5")
    #expect(plan.method == summary.method)
    #expect(plan.sources == [a, b])
    #expect(plan.tensors.map(\.rule) == summary.tensors.map(\.rule))
    #expect(plan.bytesRead > 0 && plan.peakMemoryBytes > 0 && plan.bytesWritten > 0)
    #expect(plan.seconds == nil && plan.sha256 == nil)
    #expect(try #require(summary.seconds) >= 0)
    #expect(try summary.bytesWritten == bench.folder.bytes("o.h5").count)
    #expect(summary.tensors.contains { $0.passes == 1 })
    #expect(summary.tensors.contains { $0.rule.contains("optimizer") && $0.passes == 0 })
    let digest = try bench.shell("sha256sum < o.h5 | cut -d ' ' -f 1")
    #expect(try #require(summary.sha256) + "\n" == digest.text)
  }

  @Test func aPlanForAPersonNamesTheSources() throws {
    let run = try bench.done("soup", a, b, "-o", "o.h5", "--dry-run")
    #expect(run.text.contains(a) && run.text.contains(b) && run.text.contains("o.h5"))
    #expect(try bench.holds())
  }

  @Test func aMergeTellsAPersonOnStandardErrorOnly() throws {
    let run = try bench.done("soup", a, b, "-o", "1.h5")
    #expect(run.output.isEmpty, "\(run)")
    #expect(run.errors.contains("1.h5"))
    // No bar where nobody watches.
    #expect(!run.errors.contains("\r"))
    let quiet = try bench.done("soup", a, b, "-o", "2.h5", "--quiet")
    #expect(quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet)")
  }

  @Test func quietKeepsResultsAndErrors() throws {
    #expect(try !bench.done("inspect", b, "--quiet").output.isEmpty)
    let refused = try bench.run("soup", b, "no.h5", "-o", "o.h5", "--quiet")
    #expect(refused.code == 2 && refused.errors.contains("no.h5"), "\(refused)")
  }

  @Test func verificationIsReported() throws {
    let report = try bench.done("verify", a, "--json").json(Soundness.self)
    #expect(report.sound && report.problems.isEmpty)
    #expect(report.file == a)
    let run = try bench.run("verify", Vector.hdf5 + "/nonfinite.h5", "--json")
    #expect(run.code == 3)
    let problems = try run.json(Soundness.self).problems
    #expect(Set(problems.compactMap(\.tensor)) == ["infinite", "nan"])
  }

  @Test func reportsForAPersonAreText() throws {
    for arguments in [["inspect", b], ["inspect", b, "--stats"], ["verify", b], ["diff", b, b]] {
      let run = try bench.run(arguments)
      #expect(run.code == 0 && !run.text.hasPrefix("{") && run.text.hasSuffix("\n"), "\(run)")
      #expect(run.errors.isEmpty, "\(run)")
    }
  }
}

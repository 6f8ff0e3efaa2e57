import Probing
import Reporting
import Testing

@Suite("The probe's other verbs")
struct VerbTests {
  @Test("the ends of a barrier are the models, and the lemma's bound holds for interpolated logits")
  func barrier() throws {
    let session = try SampleSession.open(["cnn/task-a-1", "cnn/independent"])
    let report = try BarrierMeasurement(session, alphas: [0, 0.25, 0.5, 0.75, 1]).run()
    let scores = try Evaluation(session).run().entries.compactMap(\.score)
    #expect(report.union.points.first?.accuracy == scores[1].accuracy)
    #expect(report.union.points.last?.accuracy == scores[0].accuracy)
    #expect(report.union.points.last?.loss == scores[0].loss)
    #expect(report.union.barrier.error > 0.5 && report.verdict.model == .broken)
    #expect(!report.union.lemma.holds)
    #expect(report.union.lemma.worstEnsembleError <= 2 * report.union.lemma.epsilon)
  }

  @Test("a soup names the member that spoils it")
  func spoiler() throws {
    let session = try SampleSession.open(["mlp/task-a-1", "mlp/independent", "mlp/task-a-2"])
    let part = try SoupMeasurement(session, weights: [1.0 / 3, 1.0 / 3, 1.0 / 3]).run().union
    #expect(part.verdict.model == .broken)
    let nearest = part.members.min {
      ($0.oneMinusCosWithout ?? 1) < ($1.oneMinusCosWithout ?? 1)
    }
    #expect(nearest?.model.hasSuffix("independent.h5") == true)
    #expect(part.verdict.advice.contains { $0.contains("independent.h5") })
    #expect((part.test?.pValue ?? 1) < 1e-6)
  }

  @Test("a soup of two equal parts is linearity at one half")
  func soupIsLinearity() throws {
    let session = try SampleSession.open(["cnn/task-a-1", "cnn/task-b"])
    let soup = try SoupMeasurement(session, weights: [0.5, 0.5]).run().union
    var settings = LinearityMeasurement.Settings()
    settings.alphas = [0.5]
    let linearity = try LinearityMeasurement(session, settings).run().union
    #expect(soup.soup?.accuracy == linearity.output[0].accuracy)
    #expect(soup.ensemble?.accuracy == linearity.output[0].ensembleAccuracy)
    for (a, b) in zip(soup.layers, linearity.layers) {
      let (x, y) = (
        a.closeness.oneMinusCos?.mean ?? 0, b.alphas[0].closeness.oneMinusCos?.mean ?? 0
      )
      #expect(abs(x - y) <= 1e-5 * y + 1e-12, "\(a.name)")
    }
  }

  @Test("addition at scale 1/2 of two tasks is linearity of the tasks' models")
  func additionIsLinearity() throws {
    // PT + 1/2 (tau_1 + tau_2) is the mean of the models, and PT + 2 (1/2) tau_i the models themselves.
    let session = try SampleSession.open(["cnn/task-a-1", "cnn/task-b", "cnn/pretrained"])
    let addition = try DecompositionMeasurement(session, .addition, scales: [0.5]).run()
    var settings = LinearityMeasurement.Settings()
    settings.alphas = [0.5]
    let linearity = try LinearityMeasurement(session, settings).run().union
    for (a, b) in zip(addition.scales[0].layers, linearity.layers) {
      let (x, y) = (
        a.closeness.oneMinusCos?.mean ?? 0, b.alphas[0].closeness.oneMinusCos?.mean ?? 0
      )
      #expect(abs(x - y) <= 1e-4 * y + 1e-10, "\(a.name)")
    }
  }

  @Test("stitching a model into itself changes nothing")
  func stitchItself() throws {
    let session = try SampleSession.open(["cnn/task-a-1", "cnn/task-a-1"])
    let report = try StitchMeasurement(session).run()
    #expect(report.cuts.count > 8)
    for cut in report.cuts { #expect(cut.aIntoB == report.b, "\(cut.name)") }
    #expect(report.restoredFrom == report.cuts.first?.name)
  }

  @Test("groups of a matrix hold what is linear together")
  func matrix() throws {
    let names = ["cnn/task-a-1", "cnn/task-a-2", "cnn/independent", "cnn/task-a-3"]
    let report = try MatrixMeasurement(try SampleSession.open(names)).run()
    #expect(report.pairs.count == 6)
    #expect(report.groups.map(\.count).sorted() == [1, 3])
    #expect(report.groups.first { $0.count == 1 }?.first?.hasSuffix("independent.h5") == true)
    #expect(report.transitivity.count == 12)
    #expect(report.transitivity.allSatisfy { !$0.isViolated })
  }

  @Test("a merged file's alpha is found, layer by layer")
  func fitted() throws {
    // The first model itself is the merge at alpha 1.
    let session = try SampleSession.open(["mlp/task-a-1", "mlp/task-b", "mlp/task-a-1"])
    var settings = LinearityMeasurement.Settings()
    settings.hasMerged = true
    let report = try LinearityMeasurement(session, settings).run()
    for layer in report.union.layers where layer.kind == "Dense" {
      #expect(abs((layer.fit?.alpha ?? 0) - 1) < 1e-6, "\(layer.name)")
      #expect((layer.fit?.residual ?? 1) < 1e-6, "\(layer.name)")
    }
  }

  @Test("the second-order term explains the deviation of near models")
  func curvature() throws {
    let session = try SampleSession.open(["mlp/task-a-1", "mlp/task-a-3"])
    var settings = LinearityMeasurement.Settings()
    settings.alphas = [0.5]
    settings.measuresCurvature = true
    let layer = try LinearityMeasurement(session, settings).run().union.layers.last
    let term = try #require(layer?.secondOrder?.first)
    #expect(term.measured > 0 && term.predicted > 0)
    #expect(term.cosine > 0.3)
    #expect((0.2...5).contains(term.predicted / term.measured))
  }
}

import Checkpoints
import Merging

/// What `stats` tells; as it stands its JSON.
struct StatsReport: Encodable {
  struct Conflicts: Encodable {
    let density: Double
    let kept: Int
    let shared: Int
    let conflicts: Int
    @OrNull var share: Double?
  }

  struct Figures: Encodable {
    let parameters: Int
    @OrNull var baseNorm: Double?
    let norms: [Double]
    let relativeNorms: [Double?]
    let products: [[Double]]
    let cosines: [[Double?]]
    let angles: [[Double?]]
    let distances: [[Double]]
    let changed: [Double]
    let signConflicts: [Conflicts]
    @OrNull var modelStockT: Double?
  }

  struct Tensor: Encodable {
    let name: String
    let layer: String
    let shape: [Int]
    let figures: Figures
  }

  struct Layer: Encodable {
    let name: String
    let figures: Figures
  }

  struct Replaced: Encodable {
    let layer: String
    let model: String
    let cosine: Double
  }

  struct Origin: Encodable {
    let sameBase: String
    let reason: String
    let cosines: [[Double?]]
    let groups: [[String]]
    let replaced: [Replaced]
    let sameFrom: Double
    let differentUpTo: Double
  }

  struct Skipped: Encodable {
    let name: String
    let file: String
    let reason: String
  }

  @OrNull var base: String?
  let models: [String]
  let origin: Origin
  let whole: Figures
  let layers: [Layer]
  let tensors: [Tensor]
  let skipped: [Skipped]

  init(_ geometry: CheckpointGeometry, models: [String], base: String?) {
    self.base = base
    self.models = models
    whole = Figures(geometry.whole)
    layers = geometry.layers.map { Layer(name: $0.name, figures: Figures($0.figures)) }
    tensors = geometry.tensors.map {
      Tensor(
        name: $0.name.text, layer: $0.layer, shape: $0.shape, figures: Figures($0.figures))
    }
    skipped = geometry.skipped.map { Skipped(name: $0.name.text, file: $0.file, reason: $0.reason) }
    let names = (base.map { [$0] } ?? []) + models
    let verdict = geometry.origin
    origin = Origin(
      sameBase: verdict.answer.rawValue, reason: OriginWords(verdict, names: names).reason,
      cosines: verdict.cosines, groups: verdict.groups.map { $0.map { names[$0] } },
      replaced: verdict.replacements.map {
        Replaced(layer: $0.layer, model: models[$0.model], cosine: $0.cosine)
      },
      sameFrom: OriginVerdict.same, differentUpTo: OriginVerdict.different)
  }
}

extension StatsReport.Figures {
  init(_ figures: GeometryFigures) {
    self.init(
      parameters: figures.elementCount, baseNorm: figures.baseNorm, norms: figures.norms,
      relativeNorms: figures.relativeNorms, products: figures.products, cosines: figures.cosines,
      angles: figures.angles, distances: figures.distances, changed: figures.changedShares,
      signConflicts: figures.signConflicts.map {
        StatsReport.Conflicts(
          density: $0.density, kept: $0.kept, shared: $0.shared, conflicts: $0.conflicts,
          share: $0.share)
      },
      modelStockT: figures.modelStockRatio)
  }

  /// The mean of the pairs' cosines, as model stock takes it; nil for one model.
  var meanCosine: Double? {
    let pairs = cosines.indices.flatMap { i in cosines[i][..<i].compactMap(\.self) }
    return pairs.isEmpty ? nil : pairs.reduce(0, +) / Double(pairs.count)
  }
}

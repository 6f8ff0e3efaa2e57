/// How one layer's measured features u agree with reference features v, over the samples of a data set.
///
/// Per sample, with features flattened to vectors:
///
///     1 - cos          1 - <u, v> / (|u| |v|), signed, in the form 1/2 | u/|u| - v/|v| |^2
///     coef             <u, v> / |v|^2; 1 where u = v, 1/c of the definition of LLFC
///     relative error   |u - v| / |v|
public struct Closeness: Codable, Hashable, Sendable {
  /// 1 - cos; nil where no sample could be used.
  public var oneMinusCos: Summary?
  /// The coefficient.
  public var coef: Summary?
  /// The relative error.
  public var relativeError: Summary?
  /// 1 - cos over all samples as one vector (Frobenius).
  public var globalOneMinusCos: Double?
  /// The coefficient over all samples as one vector.
  public var globalCoef: Double?
  /// The samples that the figures are of.
  public var samples: Int
  /// Samples left out because u or v is zero.
  public var zeroNorm: Int
  /// Of these, samples in which only one of the two is zero: a real break.
  public var oneZero: Int
  /// Samples left out because a feature isn't finite.
  public var nonFinite: Int

  /// An agreement.
  public init(
    oneMinusCos: Summary?, coef: Summary?, relativeError: Summary?,
    globalOneMinusCos: Double? = nil,
    globalCoef: Double? = nil, samples: Int, zeroNorm: Int, oneZero: Int, nonFinite: Int
  ) {
    self.oneMinusCos = oneMinusCos
    self.coef = coef
    self.relativeError = relativeError
    self.globalOneMinusCos = globalOneMinusCos
    self.globalCoef = globalCoef
    self.samples = samples
    self.zeroNorm = zeroNorm
    self.oneZero = oneZero
    self.nonFinite = nonFinite
  }
}

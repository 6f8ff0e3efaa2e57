/// What `features` wrote.
public struct FeaturesReport: Codable, Hashable, Sendable {
  /// One data set of the output.
  public struct Layer: Codable, Hashable, Sendable {
    /// The layer's name, which is the data set's.
    public var name: String
    /// The shape of the data set: (samples, …).
    public var shape: [Int]

    /// A data set.
    public init(name: String, shape: [Int]) {
      self.name = name
      self.shape = shape
    }
  }

  /// What was measured, on what.
  public var header: Header
  /// The file that was written.
  public var output: String
  /// What is in it, in the network's order.
  public var layers: [Layer]

  /// A report.
  public init(header: Header, output: String, layers: [Layer]) {
    self.header = header
    self.output = output
    self.layers = layers
  }
}

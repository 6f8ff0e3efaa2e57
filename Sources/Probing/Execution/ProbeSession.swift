package import Checkpoints
package import Networks

/// What every verb works on: checkpoints of one architecture and data that fit it.
package struct ProbeSession: Sendable {
  /// A checkpoint and what it is in this run.
  package struct Model: Sendable {
    /// The file.
    package let checkpoint: Checkpoint
    /// `a`, `b`, `merged`, `base`, `task 1`, `source 3`.
    package let part: String

    /// A model.
    package init(_ checkpoint: Checkpoint, part: String) {
      self.checkpoint = checkpoint
      self.part = part
    }
  }

  /// What a person chose.
  package struct Settings: Sendable {
    /// The network's configuration where the checkpoints hold none: its file's name and its text.
    package var architecture: (file: String, text: String)?
    /// What becomes of BatchNorm's statistics.
    package var batchNorm = BatchNormPolicy.interpolate
    /// The data that statistics are reset on.
    package var calibration: Checkpoint?
    /// Which samples and labels.
    package var data = Dataset.Options()
    /// The layers that are measured; empty for all.
    package var layers: [Glob] = []
    /// The samples that are computed together; nil for as many as fit the caches' and memory's size.
    package var batchSize: Int?

    /// Defaults.
    package init() {}
  }

  /// The network.
  package let graph: ModelGraph
  /// The shape of a sample for each input.
  package let inputShapes: [[Int]]
  /// The checkpoints.
  package let models: [Model]
  /// Their weights, in the same order.
  package let sources: [ModelSource]
  /// The data.
  package let data: DataCollection
  /// The data that statistics are reset on.
  package let calibration: Dataset?
  /// What a person chose.
  package let settings: Settings
  /// What a person should know so far.
  package let notes: [String]
  /// Called with the samples that a pass has done and has to do.
  package let progress: @Sendable (_ done: Int, _ total: Int) -> Void

  /// Opens a session.
  ///
  /// - Parameters:
  ///   - models: At least one.
  ///   - data: Data set files; at least one.
  ///   - settings: What a person chose.
  ///   - progress: Called with the samples that a pass has done and has to do.
  /// - Throws: ``CheckpointError`` where no configuration is found, weights don't fit it, or data don't.
  package init(
    models: [Model], data: [Checkpoint], settings: Settings,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(CheckpointError) {
    var notes: [String] = []
    graph = try Self.graph(of: models, settings.architecture)
    let inputs = try Self.inputs(of: graph)
    var datasets: [Dataset] = []
    for file in data { datasets.append(try Dataset(file, inputs: inputs, options: settings.data)) }
    self.data = try DataCollection(datasets)
    inputShapes = datasets[0].inputShapes
    for dataset in datasets { notes += dataset.notes.map { "\(dataset.file.name): \($0)" } }
    if let file = settings.calibration {
      var options = settings.data
      options.yKey = "none"
      let dataset = try Dataset(file, inputs: inputs, options: options)
      guard dataset.inputShapes == inputShapes else {
        throw .unusable(
          dataset.file.name,
          "has samples of shape \(shapeText(dataset.inputShapes[0])), but those of the data are "
            + shapeText(inputShapes[0]))
      }
      calibration = dataset
    } else {
      calibration = nil
    }
    // The weights' names and shapes depend on the inputs' shapes, so they are known only here.
    let plan = try NetworkPlan(graph, inputShapes: inputShapes, splitting: .none)
    var sources: [ModelSource] = []
    for model in models {
      let binding = try ParameterBinding(
        Self.ownGraph(of: model.checkpoint, like: graph) ?? graph, slots: plan.slots,
        checkpoint: model.checkpoint)
      sources.append(ModelSource(model.checkpoint, places: binding.places))
    }
    self.models = models
    self.sources = sources
    self.settings = settings
    self.notes = notes
    self.progress = progress
  }

  /// What a legacy file says of its own layers' names and of what is frozen, which decides the order of its
  /// weights; nil for other files, and where a given architecture stands for what the file says.
  private static func ownGraph(of checkpoint: Checkpoint, like graph: ModelGraph) -> ModelGraph? {
    guard case .legacy? = WeightsLayout(checkpoint), let own = try? ModelGraph(of: checkpoint),
      graph.difference(to: own) == nil
    else { return nil }
    return own
  }

  /// The graph of the given architecture, or of the first checkpoint's own configuration.
  private static func graph(
    of models: [Model], _ architecture: (file: String, text: String)?
  ) throws(CheckpointError) -> ModelGraph {
    if let architecture {
      return try ModelGraph(kerasConfiguration: architecture.text, file: architecture.file)
    }
    let described = models.filter { $0.checkpoint.attribute("model_config") != nil }
    guard let first = described.first, let text = first.checkpoint.attribute("model_config") else {
      throw .unusable(
        models.first?.checkpoint.file.name,
        "holds weights without the network's configuration",
        remedy: "give it with --architecture CONFIG.json, as model.to_json() writes it")
    }
    let graph = try ModelGraph(
      kerasConfiguration: text, file: first.checkpoint.file.name,
      version: first.checkpoint.attribute("keras_version"))
    for other in described.dropFirst() {
      guard let text = other.checkpoint.attribute("model_config") else { continue }
      let twin = try ModelGraph(
        kerasConfiguration: text, file: other.checkpoint.file.name,
        version: other.checkpoint.attribute("keras_version"))
      if let difference = graph.difference(to: twin) {
        throw .unusable(
          other.checkpoint.file.name,
          "is another network than \(first.checkpoint.file.name): \(difference)",
          remedy: "only networks of one architecture can be merged and probed together")
      }
    }
    return graph
  }

  /// What the network takes.
  private static func inputs(of graph: ModelGraph) throws(CheckpointError) -> [ModelInput] {
    var inputs: [ModelInput] = []
    for place in graph.inputs {
      let configuration = graph.layers[graph.nodes[place].layer].configuration
      guard let shape = InputLayer.declaredShape(configuration) else {
        throw configuration.error("doesn't tell the shape of its input")
      }
      let isChannelsFirst = graph.layers.contains {
        $0.configuration["data_format"]?.string == "channels_first"
      }
      inputs.append(
        ModelInput(
          name: configuration.name, shape: shape,
          order: isChannelsFirst ? .channelsFirst : .channelsLast))
    }
    return inputs
  }

  /// A plan with kernels for as many samples at a time as 256 MiB of values allow, at most 256.
  ///
  /// - Parameters:
  ///   - splitting: Which fused activations become steps of their own.
  ///   - networks: How many networks run side by side.
  ///   - keepsAll: Whether every value of a batch is kept, or only until its last use.
  /// - Returns: The kernels.
  /// - Throws: ``CheckpointError`` where a layer isn't supported or shapes don't fit.
  package func kernels(
    _ splitting: NetworkPlan.Splitting, networks: Int, keepsAll: Bool = false
  ) throws(CheckpointError) -> NetworkKernels {
    let plan = try NetworkPlan(graph, inputShapes: inputShapes, splitting: splitting)
    let bytes = (keepsAll ? plan.bytesPerSample : plan.liveBytesPerSample) * networks
    let wanted = settings.batchSize ?? max(1, min(256, (256 << 20) / max(1, bytes)))
    let greatest = data.datasets.map(\.count).max() ?? 1
    return try NetworkKernels(plan, batch: max(1, min(wanted, greatest)))
  }

  /// Networks made of the sources, with BatchNorm treated as was chosen.
  ///
  /// - Parameters:
  ///   - formulas: How each is made; a source itself keeps its statistics.
  ///   - names: What each is called in messages.
  ///   - kernels: The plan and its kernels.
  ///   - look: Sees each layer's weights of every source.
  /// - Returns: The networks, and warnings.
  /// - Throws: ``CheckpointError`` where weights can't be read, or a variance is negative and may not be.
  package func networks(
    _ formulas: [ModelFormula], names: [String], _ kernels: NetworkKernels,
    look: (_ layer: Int, _ sources: [[[Double]]]) -> Void = { _, _ in }
  ) throws(CheckpointError) -> (networks: [Network], warnings: [String]) {
    var variances = VarianceGuard(settings.batchNorm, names: names)
    var networks = try Network.make(formulas, of: sources, kernels) {
      layer, values, sets throws(CheckpointError) in
      look(layer, values)
      variances.look(graph.layers[layer].configuration, kernels.plan.slots[layer], &sets)
    }
    let warnings = try variances.conclude()
    if settings.batchNorm == .reset, let calibration {
      let reset = BatchNormReset(kernels: kernels, data: calibration)
      for (place, formula) in formulas.enumerated() where !formula.isSource {
        try reset.apply(to: &networks[place])
      }
    }
    return (networks, warnings)
  }

  /// Whether a point of a plan is measured.
  package func measures(_ point: NetworkPlan.Point) -> Bool {
    settings.layers.isEmpty || settings.layers.contains { $0.matches(TensorName(point.name)) }
  }

  /// A report's header.
  ///
  /// - Throws: ``CheckpointError`` where a file can't be read for its digest.
  package func header(_ verb: String, warnings: [String]) throws(CheckpointError) -> Header {
    var files: [Header.Model] = []
    for model in models {
      let file = model.checkpoint.file
      files.append(Header.Model(file: file.name, sha256: try digest(of: file), part: model.part))
    }
    var parts: [Header.Data] = []
    for dataset in data.datasets {
      parts.append(
        Header.Data(
          file: dataset.file.name, samples: dataset.count, sha256: try digest(of: dataset.file),
          hasLabels: dataset.labels != nil))
    }
    return Header(
      verb: verb, network: graph.name, models: files, data: parts, bn: settings.batchNorm.rawValue,
      calibration: calibration?.file.name, warnings: notes + warnings)
  }
}

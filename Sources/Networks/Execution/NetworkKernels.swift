package import Checkpoints

/// A plan for a fixed number of samples at a time: what computes each step.
package struct NetworkKernels: Sendable {
  /// The plan.
  package let plan: NetworkPlan
  /// The samples that are computed together; a smaller batch is filled up.
  package let batch: Int
  /// One for each step.
  package let kernels: [any LayerKernel]

  /// Makes the kernels.
  ///
  /// - Throws: ``CheckpointError`` where a computation isn't available for a shape.
  package init(_ plan: NetworkPlan, batch: Int) throws(CheckpointError) {
    self.plan = plan
    self.batch = batch
    var kernels: [any LayerKernel] = []
    for step in plan.steps {
      do throws(CheckpointError) {
        kernels.append(try step.plan.makeKernel(batch))
      } catch {
        throw error.named("layer \(step.name) (\(step.kind))")
      }
    }
    self.kernels = kernels
  }

  /// Computes a step of a network.
  ///
  /// - Parameters:
  ///   - place: The step.
  ///   - inputs: What it takes.
  ///   - network: The weights.
  /// - Returns: What it makes.
  /// - Throws: ``CheckpointError`` where the computation fails.
  package func run(
    _ place: Int, _ inputs: [Feature], of network: Network
  ) throws(CheckpointError) -> [Feature] {
    do throws(CheckpointError) {
      let step = plan.steps[place]
      var inputs = inputs
      for number in inputs.indices where step.hasClearedMask[number] { inputs[number].mask = nil }
      if let mask = step.maskInput { inputs[0].mask = inputs[mask].array }
      var outputs = try kernels[place].run(inputs, weights: network.weights[place])
      if step.plan.keepsMask, let mask = inputs.lazy.compactMap(\.mask).first {
        for number in outputs.indices where outputs[number].mask == nil {
          outputs[number].mask = mask
        }
      }
      return outputs
    } catch {
      throw error.named("layer \(plan.steps[place].name) (\(plan.steps[place].kind))")
    }
  }
}

extension CheckpointError {
  /// The same error about a layer, where it doesn't tell one itself.
  func named(_ layer: String) -> CheckpointError {
    guard subject == nil || subject == "oneDNN" else { return self }
    return CheckpointError(kind, file: file, subject: layer, fact: fact, remedy: remedy)
  }
}

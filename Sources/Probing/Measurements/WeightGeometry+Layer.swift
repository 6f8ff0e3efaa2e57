internal import Networks

extension WeightGeometry {
  /// The geometry of a layer's trained weights; statistics, which no gradient moves, are left out.
  ///
  /// - Parameters:
  ///   - sources: For each source the values of each slot; the first two are compared.
  ///   - slots: The slots.
  ///   - base: The place of the model that both were tuned from.
  init(_ sources: [[[Double]]], _ slots: [ParameterSlot], base: Int?) {
    self.init()
    for (place, slot) in slots.enumerated() where slot.isTrainable {
      let a = sources[0][place].map { Float($0) }
      let b = sources[1][place].map { Float($0) }
      if let base {
        let origin = sources[base][place].map { Float($0) }
        add(a.span, b.span, base: origin.span)
      } else {
        add(a.span, b.span)
      }
    }
  }
}

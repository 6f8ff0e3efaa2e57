extension Blueprint {
  /// The blueprint of an output that holds the file of this one from a position on.
  package func moved(by offset: Int) -> Blueprint {
    Blueprint(
      copies: copies.compactMap { copy in
        copy.target.moved(by: offset).map { Copy(source: copy.source, target: $0) }
      },
      targets: targets.map { target in
        guard case .contiguous(let extent) = target.place, let moved = extent.moved(by: offset)
        else { return target }
        return Target(
          tensor: target.tensor, elementType: target.elementType, byteOrder: target.byteOrder,
          place: .contiguous(moved))
      })
  }

  /// What is neither copied nor a contiguous target of a file.
  package func gaps(in size: Int) -> [Extent] {
    let filled =
      copies.map(\.target)
      + targets.compactMap { target in
        if case .contiguous(let extent) = target.place { extent } else { nil }
      }
    var gaps: [Extent] = []
    var position = 0
    for extent in filled.sorted(by: { $0.offset < $1.offset }) {
      if let gap = Extent(offset: position, length: extent.offset - position) { gaps.append(gap) }
      position = extent.end
    }
    if let last = Extent(offset: position, length: size - position) { gaps.append(last) }
    return gaps.filter { $0.length > 0 }
  }
}

extension Extent {
  /// The range behind as many bytes more; nil where its end overflows.
  package func moved(by distance: Int) -> Extent? {
    let (start, overflow) = offset.addingReportingOverflow(distance)
    return overflow ? nil : Extent(offset: start, length: length)
  }
}

internal import CNetworks

/// Which keys each query may see, for a batch.
struct AttentionMask {
  /// 0 for each query (batch, queries) that sees nothing.
  var queries: FloatArray?
  /// 0 for each key (batch, keys) that nobody sees.
  var keys: FloatArray?
  /// 0 for each pair that may not meet: (batch, heads, queries, keys), where any axis may be 1.
  var pairs: FloatArray?
  /// Whether a query sees no key behind its own place.
  var isCausal = false
  /// A query sees keys less than this far away.
  var window: Int?
  /// What a query that sees nothing gets: weights of 0, or else equal weights of all keys.
  var emptyIsZero = false

  /// Whether every query sees every key.
  var isTrivial: Bool {
    queries == nil && keys == nil && pairs == nil && !isCausal && window == nil
  }

  /// Takes another mask (batch, keys) of keys: a key must count in both.
  mutating func add(keys mask: FloatArray) {
    guard let known = keys else {
      keys = mask
      return
    }
    let both = FloatArray(mask.shape)
    for place in 0..<both.count {
      unsafe both.pointer[place] =
        known.pointer[place] != 0 && mask.pointer[place] != 0 ? 1 : 0
    }
    keys = both
  }

  /// What one query may see, for the loop over its scores.
  func sight(sample: Int, head: Int, query: Int, keys count: Int) -> ctl_sight {
    var (first, last) = (0, count)
    if isCausal { last = min(last, query + 1) }
    if let window {
      first = min(max(0, query - window + 1), last)
      last = max(first, min(last, query + window))
    }
    if let queries, unsafe queries.pointer[sample * queries.shape[1] + query] == 0 {
      (first, last) = (0, 0)
    }
    var row: UnsafePointer<Float>?
    var step = 0
    if let pairs {
      var place = 0
      for (axis, index) in [sample, head, query].enumerated() {
        place = place * pairs.shape[axis] + (pairs.shape[axis] == 1 ? 0 : index)
      }
      unsafe row = UnsafePointer(pairs.pointer + place * pairs.shape[3])
      step = pairs.shape[3] == 1 ? 0 : 1
    }
    return unsafe ctl_sight(
      keys: keys.map { unsafe UnsafePointer($0.pointer + sample * count) }, mask: row, step: step,
      first: first, last: last, empty_is_zero: emptyIsZero)
  }
}

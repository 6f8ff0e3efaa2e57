/// A set of addresses.
///
/// A file of many objects has several hundred thousand, and the standard set's hash, which is made for
/// keys of any kind, would be a tenth of a survey. Here a key is multiplied by an odd number and the
/// upper bits count (Dietzfelbinger et al., *A Reliable Randomized Algorithm for the Closest-Pair
/// Problem*, 1997); as the number is random, nobody can prepare a file whose addresses collide.
struct AddressSet {
  /// Addresses plus 1, so that 0 is an empty slot; at most half of the slots are taken.
  private var slots: [UInt64]
  private var count = 0
  /// The address 2^64 - 1, which means "undefined" and hardly ever comes.
  private var hasLast = false
  private let factor = UInt64.random(in: 0 ... .max) | 1
  /// 64 less the number of bits of a slot's number.
  private var shift: UInt64

  init() {
    slots = [UInt64](repeating: 0, count: 64)
    shift = 58
  }

  /// Adds an address.
  ///
  /// - Returns: Whether it is new.
  mutating func insert(_ address: UInt64) -> Bool {
    let key = address &+ 1
    if key == 0 {
      defer { hasLast = true }
      return !hasLast
    }
    let slot = slot(of: key)
    guard slots[slot] == 0 else { return false }
    slots[slot] = key
    count += 1
    if count * 2 > slots.count { grow() }
    return true
  }

  func contains(_ address: UInt64) -> Bool {
    let key = address &+ 1
    return key == 0 ? hasLast : slots[slot(of: key)] == key
  }

  /// The slot that holds a key or, where none does, the free one for it.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* factor) >> shift)
    while slots[slot] != 0, slots[slot] != key { slot = (slot + 1) & (slots.count - 1) }
    return slot
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    shift -= 1
    for key in old where key != 0 { slots[slot(of: key)] = key }
  }
}

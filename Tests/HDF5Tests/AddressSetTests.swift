import Testing

@testable import HDF5

/// The set of addresses behaves as the standard one.
struct AddressSetTests {
  @Test func itHoldsWhatTheStandardSetHolds() {
    var set = AddressSet()
    var standard: Set<UInt64> = []
    let edges: [UInt64] = [0, 1, .max, .max - 1, 0, .max, 1 << 63]
    let regular = (0..<5000).map { UInt64($0 % 3000) * 8 }
    let spread = (0..<5000).map { (UInt64($0) % 3700) &* 0x9E37_79B9_7F4A_7C15 }
    for address in edges + regular + spread {
      #expect(set.insert(address) == standard.insert(address).inserted)
    }
    for address in edges + regular + spread { #expect(set.contains(address)) }
    for address in UInt64(0)..<30_000 {
      #expect(set.contains(address) == standard.contains(address))
    }
  }
}

internal import CKernels

/// Uniform random numbers by the index of an element: Philox4x32-10 (Salmon, Moraes, Dror and Shaw,
/// "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// The number of an element depends on the seed, the tensor's name, the model and the element's
/// index, on nothing else; so neither tiles nor threads nor the order of tensors matter. For a `seed`
/// of 64 bits, the bytes of a name, the number of a model and an index, with wrapping arithmetic on
/// unsigned integers:
///
///     h = 0xCBF29CE484222325                                   FNV-1a, 64 bits, of the name's bytes
///     for byte in name + model as 8 bytes, low byte first:     and then of the model's number
///       h = (h ^ byte) * 0x100000001B3 mod 2^64
///
///     block = index / 2
///     x = [block mod 2^32, block / 2^32, h mod 2^32, h / 2^32]
///     k = [seed mod 2^32, seed / 2^32]
///     repeat 10 times:
///       p = 0xD2511F53 * x[0]                                  products of 64 bits
///       q = 0xCD9E8D57 * x[2]
///       x = [q / 2^32 ^ x[1] ^ k[0], q mod 2^32, p / 2^32 ^ x[3] ^ k[1], p mod 2^32]
///       k = [k[0] + 0x9E3779B9 mod 2^32, k[1] + 0xBB67AE85 mod 2^32]
///
///     bits = x[1] * 2^32 + x[0] for an even index, x[3] * 2^32 + x[2] for an odd one
///     number = floor(bits / 2^11) * 2^-53                      a multiple of 2^-53 in [0, 1)
package struct CounterRandom: Sendable {
  private let seed: UInt64
  private let stream: UInt64

  /// The numbers for one model's elements of one tensor.
  ///
  /// - Parameters:
  ///   - seed: What the user asks for.
  ///   - name: The bytes of the tensor's name, as they are in the file.
  ///   - model: The number of the model among the sources, from 0 on.
  package init(seed: UInt64, name: some Sequence<UInt8>, model: Int) {
    self.seed = seed
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let number = UInt64(bitPattern: Int64(model))
    for shift in stride(from: 0, to: 64, by: 8) {
      hash = (hash ^ (number >> UInt64(shift) & 0xFF)) &* 0x100_0000_01B3
    }
    stream = hash
  }

  /// Sets values to the numbers of the elements from an index on.
  package func fill(_ values: inout MutableSpan<Double>, from firstIndex: Int) {
    precondition(firstIndex >= 0)
    unsafe values.withUnsafeMutableBufferPointer {
      unsafe ctl_uniform_numbers(seed, stream, UInt64(firstIndex), $0.baseAddress, $0.count)
    }
  }

  /// The number of one element; filling a span is far cheaper for many.
  package func number(at index: Int) -> Double {
    precondition(index >= 0)
    var number = 0.0
    unsafe ctl_uniform_numbers(seed, stream, UInt64(index), &number, 1)
    return number
  }

  /// One block of Philox4x32-10, for a comparison with published results.
  package static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    let counter = [counter[0], counter[1], counter[2], counter[3]]
    var result = [UInt32](repeating: 0, count: 4)
    unsafe ctl_philox(counter, [key[0], key[1]], &result)
    return SIMD4(result)
  }
}

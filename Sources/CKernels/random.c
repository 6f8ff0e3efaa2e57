// Philox4x32-10, eight counters side by side: Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (2011).
#include "elements.h"

enum { BLOCKS = 8, NUMBERS = 2 * BLOCKS, ROUNDS = 10 };

/// One word of each of eight counters. The upper halves are ignored by every product, so they may
/// hold anything until the end.
typedef uint64_t words __attribute__((vector_size(64), aligned(8), may_alias));

/// Multipliers and the steps of the key (from the golden ratio and the root of 3), as published.
static const uint64_t multiplier_0 = 0xD2511F53, multiplier_1 = 0xCD9E8D57;
static const uint32_t key_step_0 = 0x9E3779B9, key_step_1 = 0xBB67AE85;

#define LOW(values) ((values) & UINT64_C(0xFFFFFFFF))
/// Numbers below 2^32 as doubles with the bits of `exponent`.
#define WITH_EXPONENT(values, exponent) ((doubles)((values) | bits_of_double(exponent)))

typedef double doubles __attribute__((vector_size(64), aligned(8), may_alias));

/// The upper 53 of 64 bits times 2^-53. The two halves are exact, and so is their sum.
#define UNIFORM(high, low)                                                                      \
  ((WITH_EXPONENT(LOW(high), 0x1p52) - 0x1p52) * 0x1p-32 +                                      \
   (WITH_EXPONENT(LOW(low) & ~UINT64_C(0x7FF), 0x1p52) - 0x1p52) * 0x1p-64)

/// The numbers of eight blocks from one on, in order.
CTL_INLINE void eight_blocks(
    const uint32_t *key, uint64_t block, uint64_t stream, double *restrict to) {
  words counter = {0, 1, 2, 3, 4, 5, 6, 7};
  counter += block;
  words a = counter, b = counter >> 32;
  words c = counter * 0 + (stream & 0xFFFFFFFF), d = counter * 0 + (stream >> 32);
  uint32_t key_0 = key[0], key_1 = key[1];
  for (int r = 0; r < ROUNDS; r++) {
    words p = LOW(a) * multiplier_0, q = LOW(c) * multiplier_1;
    a = q >> 32 ^ b ^ key_0, b = q;
    c = p >> 32 ^ d ^ key_1, d = p;
    key_0 += key_step_0, key_1 += key_step_1;
  }
  doubles even = UNIFORM(b, a), odd = UNIFORM(d, c);
  for (int i = 0; i < BLOCKS; i++) {
    to[2 * i] = even[i];
    to[2 * i + 1] = odd[i];
  }
}

CTL_INLINE void uniform_numbers(
    bool avx2, uint64_t key, uint64_t stream, uint64_t first, double *restrict to, size_t count) {
  (void)avx2;
  const uint32_t keys[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
  if (first % 2 == 0)
    for (; count >= NUMBERS; first += NUMBERS, to += NUMBERS, count -= NUMBERS)
      eight_blocks(keys, first / 2, stream, to);
  // What begins within a block or ends within eight of them takes a detour.
  double numbers[NUMBERS];
  while (count > 0) {
    size_t skipped = first % 2, rest = NUMBERS - skipped;
    size_t length = count < rest ? count : rest;
    eight_blocks(keys, first / 2, stream, numbers);
    memcpy(to, numbers + skipped, length * sizeof(double));
    first += length, to += length, count -= length;
  }
}

CTL_TWO_PATHS(
    void, uniform_numbers,
    (uint64_t key, uint64_t stream, uint64_t first, double *to, size_t count),
    key, stream, first, to, count)

void ctl_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t result[4]) {
  uint32_t x[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
  for (int r = 0; r < ROUNDS; r++) {
    uint64_t p = multiplier_0 * x[0], q = multiplier_1 * x[2];
    x[0] = (uint32_t)(q >> 32) ^ x[1] ^ k[0], x[1] = (uint32_t)q;
    x[2] = (uint32_t)(p >> 32) ^ x[3] ^ k[1], x[3] = (uint32_t)p;
    k[0] += key_step_0, k[1] += key_step_1;
  }
  memcpy(result, x, sizeof x);
}

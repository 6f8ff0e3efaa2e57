// Sums of stored elements in binary64, and whether they are exact.
#include "float16.h"

enum { BUFFER_COUNT = 256 };

/// Widens a range by the magnitudes of elements.
///
/// Apart from the additions, since vectors of these loops have two to four times as many elements.
#define CTL_RANGE(name, bits_type, load, mask)                                                  \
  CTL_INLINE void name(bool swapped, const void *from, size_t count, ctl_magnitudes *range) {   \
    bits_type greatest = 0, least = (bits_type)-1;                                              \
    for (size_t i = 0; i < count; i++) {                                                        \
      bits_type magnitude = load(from, i, swapped) & mask;                                      \
      /* Zero becomes the greatest number of all. */                                            \
      bits_type before = (bits_type)(magnitude - 1);                                            \
      greatest = magnitude > greatest ? magnitude : greatest;                                   \
      least = before < least ? before : least;                                                  \
    }                                                                                           \
    if (greatest > range->greatest) range->greatest = greatest;                                 \
    if (least != (bits_type)-1 && least < range->least) range->least = least;                   \
  }

CTL_RANGE(range16, uint16_t, load16, 0x7FFF)
CTL_RANGE(range32, uint32_t, load32, 0x7FFFFFFF)

CTL_INLINE void add_floats(const float *from, bool is_first, double *restrict sums, size_t count) {
  if (is_first)
    for (size_t i = 0; i < count; i++) sums[i] = from[i];
  else
    for (size_t i = 0; i < count; i++) sums[i] += from[i];
}

CTL_INLINE void sum_float32(
    bool swapped, const void *from, bool is_first, double *restrict sums, size_t count,
    ctl_magnitudes *magnitudes) {
  range32(swapped, from, count, magnitudes);
  if (is_first)
    for (size_t i = 0; i < count; i++) sums[i] = float_of(load32(from, i, swapped));
  else
    for (size_t i = 0; i < count; i++) sums[i] += float_of(load32(from, i, swapped));
}

CTL_INLINE void sum_halves(
    bool avx2, ctl_format format, bool swapped, const char *from, bool is_first,
    double *restrict sums, size_t count, ctl_magnitudes *magnitudes) {
  float buffer[BUFFER_COUNT];
  while (count > 0) {
    size_t length = count < BUFFER_COUNT ? count : BUFFER_COUNT;
    range16(swapped, from, length, magnitudes);
    if (format == ctl_float16)
      widen_float16(avx2, swapped, from, buffer, length);
    else
      for (size_t i = 0; i < length; i++) buffer[i] = float_of_bfloat16(load16(from, i, swapped));
    add_floats(buffer, is_first, sums, length);
    from += 2 * length, sums += length, count -= length;
  }
}

CTL_INLINE void sum(
    bool avx2, ctl_format format, bool swapped, const void *from, bool is_first, double *sums,
    size_t count, ctl_magnitudes *magnitudes) {
  // Constants make each case loops of their own that vectorise.
  if (format == ctl_float16)
    sum_halves(avx2, ctl_float16, swapped, from, is_first, sums, count, magnitudes);
  else if (format == ctl_bfloat16)
    sum_halves(avx2, ctl_bfloat16, swapped, from, is_first, sums, count, magnitudes);
  else if (swapped)
    sum_float32(true, from, is_first, sums, count, magnitudes);
  else
    sum_float32(false, from, is_first, sums, count, magnitudes);
}

CTL_TWO_PATHS(
    void, sum,
    (ctl_format format, bool swapped, const void *from, bool is_first, double *sums, size_t count,
     ctl_magnitudes *magnitudes),
    format, swapped, from, is_first, sums, count, magnitudes)

/// All elements, and so all partial sums in any order, are multiples of the last bit of the least
/// magnitude; and no partial sum exceeds `source_count` times the greatest. If that takes no more
/// than 53 bits, every addition is exact. Exponent fields tell both bounds: of numbers with p
/// significant bits and fields from m to M the last bit is 2^(m - p + 1) and the greatest is below
/// 2^(M + 1), up to the same power of two.
bool ctl_sum_is_exact(ctl_format format, size_t source_count, ctl_magnitudes magnitudes) {
  if (magnitudes.greatest == 0) return true;
  int precision = format == ctl_float16 ? 11 : format == ctl_bfloat16 ? 8 : 24;
  int fraction = precision - 1;
  uint32_t infinity = format == ctl_float16 ? 0x7C00 : format == ctl_bfloat16 ? 0x7F80 : 0x7F800000;
  if (magnitudes.greatest >= infinity) return false;
  int highest = (int)(magnitudes.greatest >> fraction);
  int lowest = (int)((magnitudes.least + 1) >> fraction);
  // Subnormal numbers have the unit of the smallest normal ones.
  if (lowest == 0) lowest = 1;
  int bits_of_count = 0;
  while (source_count > (size_t)1 << bits_of_count) bits_of_count++;
  return highest - lowest + precision + bits_of_count <= 53;
}

/// Knuth's TwoSum: the error is +0 where a sum is exact, and not a number where it overflows.
CTL_INLINE bool add_exactly(bool avx2, const double *x, double *restrict sums, size_t count) {
  (void)avx2;
  uint64_t errors = 0;
  for (size_t i = 0; i < count; i++) {
    double a = sums[i], b = x[i];
    double total = a + b;
    double part_of_b = total - a;
    double part_of_a = total - part_of_b;
    errors |= bits_of_double((a - part_of_a) + (b - part_of_b));
    sums[i] = total;
  }
  return (errors & ~(UINT64_C(1) << 63)) == 0;
}

CTL_TWO_PATHS(
    bool, add_exactly, (const double *x, double *sums, size_t count), x, sums, count)

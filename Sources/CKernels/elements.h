// Elements of each stored format as numbers: loading, storing, widening, rounding.
#ifndef CTL_ELEMENTS_H
#define CTL_ELEMENTS_H

#include <string.h>

#include "paths.h"

CTL_INLINE uint16_t load16(const void *from, size_t i, bool swapped) {
  uint16_t bits;
  memcpy(&bits, (const char *)from + 2 * i, 2);
  return swapped ? (uint16_t)(bits << 8 | bits >> 8) : bits;
}

CTL_INLINE uint32_t load32(const void *from, size_t i, bool swapped) {
  uint32_t bits;
  memcpy(&bits, (const char *)from + 4 * i, 4);
  return swapped ? __builtin_bswap32(bits) : bits;
}

CTL_INLINE uint64_t load64(const void *from, size_t i, bool swapped) {
  uint64_t bits;
  memcpy(&bits, (const char *)from + 8 * i, 8);
  return swapped ? __builtin_bswap64(bits) : bits;
}

CTL_INLINE void store16(void *to, size_t i, uint16_t bits, bool swapped) {
  if (swapped) bits = (uint16_t)(bits << 8 | bits >> 8);
  memcpy((char *)to + 2 * i, &bits, 2);
}

CTL_INLINE void store32(void *to, size_t i, uint32_t bits, bool swapped) {
  if (swapped) bits = __builtin_bswap32(bits);
  memcpy((char *)to + 4 * i, &bits, 4);
}

CTL_INLINE void store64(void *to, size_t i, uint64_t bits, bool swapped) {
  if (swapped) bits = __builtin_bswap64(bits);
  memcpy((char *)to + 8 * i, &bits, 8);
}

CTL_INLINE float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

CTL_INLINE double double_of(uint64_t bits) {
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

CTL_INLINE uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

CTL_INLINE uint64_t bits_of_double(double value) {
  uint64_t bits;
  memcpy(&bits, &value, 8);
  return bits;
}

/// The value of bfloat16 bits: the upper half of a binary32.
CTL_INLINE float float_of_bfloat16(uint16_t bits) { return float_of((uint32_t)bits << 16); }

/// The bfloat16 number nearest to a value, ties to even.
CTL_INLINE uint16_t bfloat16_of(float value) {
  uint32_t bits = bits_of(value);
  uint32_t rounded = (bits + 0x7FFF + (bits >> 16 & 1)) >> 16;
  // The carry of a NaN could run into its sign.
  uint32_t quiet = bits >> 16 | 0x0040;
  return (uint16_t)((bits & 0x7FFFFFFF) > 0x7F800000 ? quiet : rounded);
}

/// The value of binary16 bits.
///
/// The exponent is re-biased (by 112; twice that for infinities and NaN). A subnormal number m is
/// read as 2^-14 + m, from which 2^-14 is taken away, because arithmetic on subnormal binary32 is
/// slow on many processors.
CTL_INLINE float float_of_float16(uint16_t bits) {
  uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
  uint32_t magnitude = (uint32_t)(bits & 0x7FFF) << 13;
  uint32_t subnormal = bits_of(float_of(magnitude + (113u << 23)) - 0x1p-14f);
  uint32_t other = magnitude + (112u << 23) + (magnitude > 0x0F7FFFFF ? 112u << 23 : 0);
  return float_of((magnitude < 0x00800000 ? subnormal : other) | sign);
}

/// The binary16 number nearest to a value, ties to even.
CTL_INLINE uint16_t float16_of(float value) {
  uint32_t magnitude = bits_of(value) & 0x7FFFFFFF;
  // Adding just under half a unit, and the last bit that stays, carries where it rounds up.
  uint32_t normal = (magnitude + 0x0FFF + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
  // The last bit of a binary32 in [0.5, 1) is 2^-24, the unit of binary16's subnormal numbers.
  uint32_t subnormal = bits_of(float_of(magnitude) + 0.5f) - bits_of(0.5f);
  uint32_t finite = magnitude < 113u << 23 ? subnormal : normal;
  uint32_t large = magnitude > 0x7F800000 ? 0x7E00 | (magnitude >> 13 & 0x01FF) : 0x7C00;
  return (uint16_t)((magnitude < 0x47800000 ? finite : large) | (bits_of(value) >> 16 & 0x8000));
}

/// A binary64 as a binary32 that rounds to the same number of binary16 and of bfloat16.
///
/// Rounding to binary32 and then to 16 bits rounds twice, and the first step may land on a midpoint
/// of the second. Here the first step rounds to odd, to 14 significant bits: the bits below are cut
/// off, and the last one that stays is set if any of them was. Numbers and midpoints of both formats
/// have at most 12 significant bits, so each of them keeps its side of the value, and equals the
/// result only if it equals the value. The result is a binary32 down to 2^-136, above which all
/// midpoints lie; it is infinite from 2^128 on, as all midpoints lie below that too; and a NaN stays
/// one with its sign and the upper bits of its payload.
CTL_INLINE float float_rounded_to_odd(double value) {
  const uint64_t lower = (UINT64_C(1) << 39) - 1;
  uint64_t bits = bits_of_double(value);
  return (float)double_of((bits | ((bits & lower) + lower)) & ~lower);
}

#endif

// Stored elements to binary64 and back.
//
// The 16-bit formats go through a short buffer of binary32, in two loops: vectors of a loop have as
// many elements as its widest type allows, so the bits are turned around at twice the speed.
#include "float16.h"

enum { BUFFER_COUNT = 256 };

CTL_INLINE size_t buffered(size_t count) { return count < BUFFER_COUNT ? count : BUFFER_COUNT; }

CTL_INLINE void decode_as(
    bool avx2, ctl_format format, bool swapped, const char *from, double *restrict to,
    size_t count) {
  float buffer[BUFFER_COUNT];
  switch (format) {
    case ctl_float64:
      for (size_t i = 0; i < count; i++) to[i] = double_of(load64(from, i, swapped));
      break;
    case ctl_float32:
      for (size_t i = 0; i < count; i++) to[i] = float_of(load32(from, i, swapped));
      break;
    case ctl_float16:
    case ctl_bfloat16:
      while (count > 0) {
        size_t length = buffered(count);
        if (format == ctl_float16)
          widen_float16(avx2, swapped, from, buffer, length);
        else
          for (size_t i = 0; i < length; i++)
            buffer[i] = float_of_bfloat16(load16(from, i, swapped));
        for (size_t i = 0; i < length; i++) to[i] = buffer[i];
        from += 2 * length, to += length, count -= length;
      }
  }
}

CTL_INLINE void encode_as(
    bool avx2, ctl_format format, bool swapped, const double *from, char *restrict to,
    size_t count) {
  float buffer[BUFFER_COUNT];
  switch (format) {
    case ctl_float64:
      for (size_t i = 0; i < count; i++) store64(to, i, bits_of_double(from[i]), swapped);
      break;
    case ctl_float32:
      for (size_t i = 0; i < count; i++) store32(to, i, bits_of((float)from[i]), swapped);
      break;
    case ctl_float16:
    case ctl_bfloat16:
      while (count > 0) {
        size_t length = buffered(count);
        for (size_t i = 0; i < length; i++) buffer[i] = float_rounded_to_odd(from[i]);
        if (format == ctl_float16)
          narrow_float16(avx2, swapped, buffer, to, length);
        else
          for (size_t i = 0; i < length; i++) store16(to, i, bfloat16_of(buffer[i]), swapped);
        from += length, to += 2 * length, count -= length;
      }
  }
}

// Constants for `swapped` and `format` make each case a loop of its own that vectorises.
CTL_INLINE void decode(
    bool avx2, ctl_format format, bool swapped, const void *from, double *to, size_t count) {
  if (swapped)
    decode_as(avx2, format, true, from, to, count);
  else
    decode_as(avx2, format, false, from, to, count);
}

CTL_INLINE void encode(
    bool avx2, ctl_format format, bool swapped, const double *from, void *to, size_t count) {
  if (swapped)
    encode_as(avx2, format, true, from, to, count);
  else
    encode_as(avx2, format, false, from, to, count);
}

CTL_TWO_PATHS(
    void, decode,
    (ctl_format format, bool swapped, const void *from, double *to, size_t count),
    format, swapped, from, to, count)
CTL_TWO_PATHS(
    void, encode,
    (ctl_format format, bool swapped, const double *from, void *to, size_t count),
    format, swapped, from, to, count)

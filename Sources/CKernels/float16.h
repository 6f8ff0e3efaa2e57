// binary16 to binary32 and back, eight elements an instruction where the processor can.
#ifndef CTL_FLOAT16_H
#define CTL_FLOAT16_H

#include "elements.h"

#if CTL_HAS_AVX2
#include <immintrin.h>

CTL_AVX2 CTL_INLINE __m128i swapped_bytes(__m128i halves, bool swapped) {
  if (!swapped) return halves;
  return _mm_or_si128(_mm_slli_epi16(halves, 8), _mm_srli_epi16(halves, 8));
}

CTL_AVX2 CTL_INLINE __m256 load_float16x8(const void *from, bool swapped) {
  return _mm256_cvtph_ps(swapped_bytes(_mm_loadu_si128((const __m128i *)from), swapped));
}

CTL_AVX2 CTL_INLINE void store_float16x8(void *to, __m256 values, bool swapped) {
  __m128i halves = _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT);
  _mm_storeu_si128((__m128i *)to, swapped_bytes(halves, swapped));
}

CTL_AVX2 static inline void widen_float16_avx2(
    bool swapped, const void *from, float *restrict to, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    _mm256_storeu_ps(to + i, load_float16x8((const char *)from + 2 * i, swapped));
  for (; i < count; i++) to[i] = _cvtsh_ss(load16(from, i, swapped));
}

CTL_AVX2 static inline void narrow_float16_avx2(
    bool swapped, const float *from, void *restrict to, size_t count) {
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    store_float16x8((char *)to + 2 * i, _mm256_loadu_ps(from + i), swapped);
  for (; i < count; i++)
    store16(to, i, _cvtss_sh(from[i], _MM_FROUND_TO_NEAREST_INT), swapped);
}
#endif

CTL_INLINE void widen_float16(
    bool avx2, bool swapped, const void *from, float *restrict to, size_t count) {
#if CTL_HAS_AVX2
  if (avx2) {
    widen_float16_avx2(swapped, from, to, count);
    return;
  }
#endif
  (void)avx2;
  for (size_t i = 0; i < count; i++) to[i] = float_of_float16(load16(from, i, swapped));
}

CTL_INLINE void narrow_float16(
    bool avx2, bool swapped, const float *from, void *restrict to, size_t count) {
#if CTL_HAS_AVX2
  if (avx2) {
    narrow_float16_avx2(swapped, from, to, count);
    return;
  }
#endif
  (void)avx2;
  for (size_t i = 0; i < count; i++) store16(to, i, float16_of(from[i]), swapped);
}

#endif

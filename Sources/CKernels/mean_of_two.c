// (a + b)·½ in the format's own precision, or in binary32 for 16 bits; the proof that this is
// correctly rounded stands with Swift's PairMean.
#include "float16.h"

CTL_INLINE bool mean_of_float64(
    bool swapped, const void *a, const void *b, void *restrict result, size_t count) {
  uint64_t check = 0;
  for (size_t i = 0; i < count; i++) {
    double sum = double_of(load64(a, i, swapped)) + double_of(load64(b, i, swapped));
    // +0 where the sum is finite, NaN elsewhere.
    check |= bits_of_double(sum - sum);
    store64(result, i, bits_of_double(sum * 0.5), swapped);
  }
  return check == 0;
}

CTL_INLINE bool mean_of_float32(
    bool swapped, const void *a, const void *b, void *restrict result, size_t count) {
  uint32_t check = 0;
  for (size_t i = 0; i < count; i++) {
    float sum = float_of(load32(a, i, swapped)) + float_of(load32(b, i, swapped));
    check |= bits_of(sum - sum);
    store32(result, i, bits_of(sum * 0.5f), swapped);
  }
  return check == 0;
}

CTL_INLINE bool mean_of_bfloat16(
    bool swapped, const void *a, const void *b, void *restrict result, size_t count) {
  uint32_t check = 0;
  for (size_t i = 0; i < count; i++) {
    float sum = float_of_bfloat16(load16(a, i, swapped)) + float_of_bfloat16(load16(b, i, swapped));
    check |= bits_of(sum - sum);
    // Finite, so there is no NaN to mind.
    uint32_t bits = bits_of(sum * 0.5f);
    store16(result, i, (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16), swapped);
  }
  return check == 0;
}

CTL_INLINE bool mean_of_float16_portable(
    bool swapped, const void *a, const void *b, void *restrict result, size_t count) {
  uint32_t check = 0;
  for (size_t i = 0; i < count; i++) {
    float sum = float_of_float16(load16(a, i, swapped)) + float_of_float16(load16(b, i, swapped));
    check |= bits_of(sum - sum);
    store16(result, i, float16_of(sum * 0.5f), swapped);
  }
  return check == 0;
}

#if CTL_HAS_AVX2
CTL_AVX2 CTL_INLINE __m256 mean_of_float16x8(
    bool swapped, const void *a, const void *b, void *result) {
  __m256 sum = _mm256_add_ps(load_float16x8(a, swapped), load_float16x8(b, swapped));
  store_float16x8(result, _mm256_mul_ps(sum, _mm256_set1_ps(0.5f)), swapped);
  return _mm256_sub_ps(sum, sum);
}

CTL_AVX2 static inline bool mean_of_float16_avx2(
    bool swapped, const char *a, const char *b, char *restrict result, size_t count) {
  __m256 check = _mm256_setzero_ps();
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    check = _mm256_or_ps(
        check, mean_of_float16x8(swapped, a + 2 * i, b + 2 * i, result + 2 * i));
  if (i < count) {
    char last[3][16] = {{0}};
    memcpy(last[0], a + 2 * i, 2 * (count - i));
    memcpy(last[1], b + 2 * i, 2 * (count - i));
    check = _mm256_or_ps(check, mean_of_float16x8(swapped, last[0], last[1], last[2]));
    memcpy(result + 2 * i, last[2], 2 * (count - i));
  }
  return _mm256_testz_si256(_mm256_castps_si256(check), _mm256_castps_si256(check));
}
#endif

CTL_INLINE bool mean_of_float16(
    bool avx2, bool swapped, const void *a, const void *b, void *restrict result, size_t count) {
#if CTL_HAS_AVX2
  if (avx2)
    return swapped ? mean_of_float16_avx2(true, a, b, result, count)
                   : mean_of_float16_avx2(false, a, b, result, count);
#endif
  (void)avx2;
  return mean_of_float16_portable(swapped, a, b, result, count);
}

CTL_INLINE bool mean_of_two_as(
    bool avx2, ctl_format format, bool swapped, const void *a, const void *b, void *result,
    size_t count) {
  switch (format) {
    case ctl_float16: return mean_of_float16(avx2, swapped, a, b, result, count);
    case ctl_bfloat16: return mean_of_bfloat16(swapped, a, b, result, count);
    case ctl_float32: return mean_of_float32(swapped, a, b, result, count);
    case ctl_float64: return mean_of_float64(swapped, a, b, result, count);
  }
  return false;
}

CTL_INLINE bool mean_of_two(
    bool avx2, ctl_format format, bool swapped, const void *a, const void *b, void *result,
    size_t count) {
  return swapped ? mean_of_two_as(avx2, format, true, a, b, result, count)
                 : mean_of_two_as(avx2, format, false, a, b, result, count);
}

CTL_TWO_PATHS(
    bool, mean_of_two,
    (ctl_format format, bool swapped, const void *a, const void *b, void *result, size_t count),
    format, swapped, a, b, result, count)

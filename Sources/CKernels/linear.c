// The steps of linear formulas. Each operation rounds as written: no fused multiply-add.
#include "elements.h"

CTL_INLINE void scale(
    bool avx2, const double *x, double factor, double *restrict result, size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) result[i] = factor * x[i];
}

CTL_INLINE void add_scaled(
    bool avx2, const double *x, double factor, double *restrict result, size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) result[i] += factor * x[i];
}

CTL_INLINE void add_scaled_difference(
    bool avx2, const double *x, const double *base, double factor, double *restrict result,
    size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) result[i] += factor * (x[i] - base[i]);
}

CTL_INLINE void subtract(
    bool avx2, const double *x, const double *y, double *restrict result, size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) result[i] = x[i] - y[i];
}

CTL_INLINE void blend(
    bool avx2, const double *x, const double *y, double a, double b, double *restrict result,
    size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) result[i] = a * x[i] + b * y[i];
}

CTL_INLINE void divide(bool avx2, double *values, double divisor, size_t count) {
  (void)avx2;
  // Multiplying by a power of two is the same as dividing by its inverse, and several times faster.
  uint64_t bits = bits_of_double(divisor), field = bits >> 52 & 0x7FF;
  if (bits << 12 == 0 && field > 1 && field < 2045) {
    double factor = 1 / divisor;
    for (size_t i = 0; i < count; i++) values[i] *= factor;
  } else {
    for (size_t i = 0; i < count; i++) values[i] /= divisor;
  }
}

CTL_INLINE bool all_finite(bool avx2, const double *values, double scale, size_t count) {
  (void)avx2;
  uint64_t bits = 0;
  for (size_t i = 0; i < count; i++) {
    double scaled = values[i] * scale;
    // +0 for a finite number and NaN for the others. Bits can be gathered in any order, sums of
    // floating-point numbers can't, so this loop vectorises.
    bits |= bits_of_double(scaled - scaled);
  }
  return bits == 0;
}

CTL_TWO_PATHS(
    void, scale, (const double *x, double factor, double *result, size_t count),
    x, factor, result, count)
CTL_TWO_PATHS(
    void, add_scaled, (const double *x, double factor, double *result, size_t count),
    x, factor, result, count)
CTL_TWO_PATHS(
    void, add_scaled_difference,
    (const double *x, const double *base, double factor, double *result, size_t count),
    x, base, factor, result, count)
CTL_TWO_PATHS(
    void, subtract, (const double *x, const double *y, double *result, size_t count),
    x, y, result, count)
CTL_TWO_PATHS(
    void, blend,
    (const double *x, const double *y, double a, double b, double *result, size_t count),
    x, y, a, b, result, count)
CTL_TWO_PATHS(
    void, divide, (double *values, double divisor, size_t count), values, divisor, count)
CTL_TWO_PATHS(
    bool, all_finite, (const double *values, double scale, size_t count), values, scale, count)

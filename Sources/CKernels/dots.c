// Sums and dot products with twice the working precision.
#include "lanes.h"

/// Fused multiply-add lane by lane: one rounding, in hardware or (slowly) in the C library.
#if defined(__has_builtin)
#if __has_builtin(__builtin_elementwise_fma)
#define LANES_FMA(a, b, c) __builtin_elementwise_fma(a, b, c)
#endif
#endif
#ifndef LANES_FMA
#define LANES_FMA(a, b, c)                                                                      \
  ({                                                                                            \
    lanes fused = (c);                                                                          \
    for (int l = 0; l < LANES; l++) fused[l] = __builtin_fma((a)[l], (b)[l], fused[l]);         \
    fused;                                                                                      \
  })
#endif

/// The steps of one lane, for the elements before the first whole group and after the last one.
CTL_INLINE void add_one(double value, double error, size_t lane, ctl_lane_sum *restrict sum) {
  double before = sum->sums[lane];
  double next = before + value;
  double part_of_value = next - before;
  double part_of_sum = next - part_of_value;
  sum->errors[lane] += ((before - part_of_sum) + (value - part_of_value)) + error;
  sum->sums[lane] = next;
}

/// How many elements lie before the next one of lane 0.
CTL_INLINE size_t head_length(size_t position, size_t count) {
  size_t length = (LANES - position % LANES) % LANES;
  return length < count ? length : count;
}

CTL_INLINE double term_of(double value, bool magnitudes) {
  return magnitudes ? double_of(bits_of_double(value) & ~(UINT64_C(1) << 63)) : value;
}

CTL_INLINE void sum_terms(
    const double *x, size_t count, size_t position, bool magnitudes, ctl_lane_sum *restrict sum) {
  size_t head = head_length(position, count), groups = (count - head) / LANES;
  for (size_t i = 0; i < head; i++)
    add_one(term_of(x[i], magnitudes), 0, (position + i) % LANES, sum);
  x += head;
  lanes sums = LANES_AT(sum->sums), errors = LANES_AT(sum->errors);
  for (size_t g = 0; g < groups; g++) {
    lanes value = LANES_AT(x + LANES * g);
    if (magnitudes) value = (lanes)((masks)value & INT64_MAX);
    ADD_TO_LANES(sums, errors, value, );
  }
  SET_LANES(sum->sums, sums);
  SET_LANES(sum->errors, errors);
  for (size_t i = LANES * groups; i < count - head; i++)
    add_one(term_of(x[i], magnitudes), 0, i % LANES, sum);
}

CTL_INLINE void compensated_sum(
    bool avx2, const double *x, size_t count, size_t position, bool magnitudes,
    ctl_lane_sum *sum) {
  (void)avx2;
  if (magnitudes)
    sum_terms(x, count, position, true, sum);
  else
    sum_terms(x, count, position, false, sum);
}

CTL_INLINE void compensated_dot(
    bool avx2, const double *x, const double *y, size_t count, size_t position,
    ctl_lane_sum *restrict sum) {
  (void)avx2;
  size_t head = head_length(position, count), groups = (count - head) / LANES;
  for (size_t i = 0; i < head; i++) {
    double product = x[i] * y[i];
    add_one(product, __builtin_fma(x[i], y[i], -product), (position + i) % LANES, sum);
  }
  x += head, y += head;
  lanes sums = LANES_AT(sum->sums), errors = LANES_AT(sum->errors);
  for (size_t g = 0; g < groups; g++) {
    lanes a = LANES_AT(x + LANES * g), b = LANES_AT(y + LANES * g);
    lanes product = a * b;
    ADD_TO_LANES(sums, errors, product, +LANES_FMA(a, b, -product));
  }
  SET_LANES(sum->sums, sums);
  SET_LANES(sum->errors, errors);
  for (size_t i = LANES * groups; i < count - head; i++) {
    double product = x[i] * y[i];
    add_one(product, __builtin_fma(x[i], y[i], -product), i % LANES, sum);
  }
}

CTL_TWO_PATHS(
    void, compensated_sum,
    (const double *x, size_t count, size_t position, bool magnitudes, ctl_lane_sum *sum),
    x, count, position, magnitudes, sum)
CTL_FMA_PATHS(
    void, compensated_dot,
    (const double *x, const double *y, size_t count, size_t position, ctl_lane_sum *sum),
    x, y, count, position, sum)

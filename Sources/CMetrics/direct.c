// Sums of squares of values that are sums of streams, value by value: dearer than inner products of
// the streams, and accurate where those cancel.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#include "lanes.h"

/// The values of a block of a sum of streams, in the order of its terms.
CTL_INLINE void evaluate(
    const float *const *streams, ctl_form form, double scale, size_t start, size_t count,
    double *restrict values) {
  for (size_t term = 0; term < form.count; term++) {
    const float *from = streams[form.indices[term]] + start;
    double factor = form.factors[term];
    if (term == 0)
      for (size_t i = 0; i < count; i++) values[i] = factor * from[i];
    else
      for (size_t i = 0; i < count; i++) values[i] += factor * from[i];
  }
  if (form.count == 0) memset(values, 0, count * sizeof(double));
  // After the sum, so that a factor common to all values, whose rounding doesn't matter, is the same
  // for all of them.
  if (scale != 1)
    for (size_t i = 0; i < count; i++) values[i] *= scale;
}

/// Adds the squares of a block whose values past `count` up to a whole group are zero.
CTL_INLINE void add_squares(const double *values, size_t count, total *to) {
  doubles low = {0}, high = {0};
  for (size_t i = 0; i < count; i += LANES) {
    doubles a = DOUBLES_AT(values + i), b = DOUBLES_AT(values + i + 4);
    low += a * a, high += b * b;
  }
  ADD_LANES(to, low, high);
}

CTL_INLINE void clear_rest(double *values, size_t count) {
  for (size_t i = count; i % LANES != 0; i++) values[i] = 0;
}

CTL_INLINE double form_square(const float *const *streams, ctl_form u, size_t count) {
  total sum = {0, 0};
  double values[ctl_metrics_block];
  for (size_t start = 0; start < count; start += ctl_metrics_block) {
    size_t left = count - start;
    size_t length = left < ctl_metrics_block ? left : ctl_metrics_block;
    evaluate(streams, u, 1, start, length, values);
    clear_rest(values, length);
    add_squares(values, length, &sum);
  }
  return total_value(sum);
}

CTL_INLINE double forms_distance(
    const float *const *streams, ctl_form u, double a, ctl_form v, double b, size_t count) {
  total sum = {0, 0};
  double left_values[ctl_metrics_block], right_values[ctl_metrics_block];
  for (size_t start = 0; start < count; start += ctl_metrics_block) {
    size_t left = count - start;
    size_t length = left < ctl_metrics_block ? left : ctl_metrics_block;
    evaluate(streams, u, a, start, length, left_values);
    evaluate(streams, v, b, start, length, right_values);
    for (size_t i = 0; i < length; i++) left_values[i] -= right_values[i];
    clear_rest(left_values, length);
    add_squares(left_values, length, &sum);
  }
  return total_value(sum);
}

CTL_TWO_PATHS(
    double, form_square, (const float *const *streams, ctl_form u, size_t count), streams, u, count)
CTL_TWO_PATHS(
    double, forms_distance,
    (const float *const *streams, ctl_form u, double a, ctl_form v, double b, size_t count),
    streams, u, a, v, b, count)

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

/// The streams of a sum of one or two terms; the second stands for nothing where there is one.
typedef struct {
  const float *first, *second;
  double factor, second_factor, scale;
} short_form;

CTL_INLINE short_form shortened(
    const float *const *streams, ctl_form form, double scale, size_t start) {
  bool has_two = form.count == 2;
  const float *first = streams[form.indices[0]] + start;
  return (short_form){
      first, has_two ? streams[form.indices[1]] + start : first, form.factors[0],
      has_two ? form.factors[1] : 0, scale};
}

#define SHORT_VALUE(form, has_two, i)                                                           \
  ((has_two) ? ((form).factor * WIDENED((form).first + (i)) +                                   \
                (form).second_factor * WIDENED((form).second + (i))) *                          \
                   (form).scale                                                                 \
             : (form).factor * WIDENED((form).first + (i)) * (form).scale)

/// Adds |u - v|^2 of a block without a detour through memory: what most comparisons are.
CTL_INLINE void add_short_distance(
    short_form u, bool u_has_two, short_form v, bool v_has_two, size_t count, total *to) {
  doubles low = {0}, high = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    doubles a = SHORT_VALUE(u, u_has_two, i) - SHORT_VALUE(v, v_has_two, i);
    doubles b = SHORT_VALUE(u, u_has_two, i + 4) - SHORT_VALUE(v, v_has_two, i + 4);
    low += a * a, high += b * b;
  }
  if (i < count) {
    float last[4][LANES];
    pad(last[0], u.first + i, count - i);
    pad(last[1], u.second + i, count - i);
    pad(last[2], v.first + i, count - i);
    pad(last[3], v.second + i, count - i);
    u.first = last[0], u.second = last[1], v.first = last[2], v.second = last[3];
    doubles a = SHORT_VALUE(u, u_has_two, 0) - SHORT_VALUE(v, v_has_two, 0);
    doubles b = SHORT_VALUE(u, u_has_two, 4) - SHORT_VALUE(v, v_has_two, 4);
    low += a * a, high += b * b;
  }
  ADD_LANES(to, low, high);
}

CTL_INLINE void add_short_distances(
    const float *const *streams, ctl_form u, double a, ctl_form v, double b, size_t start,
    size_t count, total *to) {
  short_form x = shortened(streams, u, a, start), y = shortened(streams, v, b, start);
  // Constants make each case a loop of its own.
  if (u.count == 2 && v.count == 2)
    add_short_distance(x, true, y, true, count, to);
  else if (u.count == 2)
    add_short_distance(x, true, y, false, count, to);
  else if (v.count == 2)
    add_short_distance(x, false, y, true, count, to);
  else
    add_short_distance(x, false, y, false, count, to);
}

CTL_INLINE double forms_distance(
    const float *const *streams, ctl_form u, double a, ctl_form v, double b, size_t count) {
  total sum = {0, 0};
  double left_values[ctl_metrics_block], right_values[ctl_metrics_block];
  bool is_short = u.count >= 1 && u.count <= 2 && v.count >= 1 && v.count <= 2;
  for (size_t start = 0; start < count; start += ctl_metrics_block) {
    size_t left = count - start;
    size_t length = left < ctl_metrics_block ? left : ctl_metrics_block;
    if (is_short) {
      add_short_distances(streams, u, a, v, b, start, length, &sum);
      continue;
    }
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

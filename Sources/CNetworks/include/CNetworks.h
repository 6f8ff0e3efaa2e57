/// Loops over features that oneDNN doesn't have. Arrays don't overlap unless they are the same.
#ifndef CTL_NETWORKS_H
#define CTL_NETWORKS_H

#include <stddef.h>

#include "CSequences.h"

/// `y = x * scale[c] + shift[c]` for x of shape (outer, channels, inner).
void ctl_scale_shift(
    const float *x, const float *scale, const float *shift, float *y, size_t outer, size_t channels,
    size_t inner);

/// `y = x < threshold ? slope * (x - threshold) : min(x, maximum)`; a NaN stays one.
void ctl_relu(
    const float *x, float maximum, float slope, float threshold, float *y, size_t count);

/// The mean over positions for each channel, in double precision.
///
/// Element (p, c) is `x[p * step + c * stride]`; a position takes part as often as `counts` says, once
/// where `counts` is null. Where none does, the mean is 0.
void ctl_global_mean(
    const float *x, const float *counts, size_t positions, size_t step, size_t channels,
    size_t stride, float *y);

/// The maximum over positions for each channel; at least one position.
void ctl_global_max(
    const float *x, size_t positions, size_t step, size_t channels, size_t stride, float *y);

/// What two values become: `ctl_leak` is `a > 0 ? a : a b`, `ctl_differ` is `a != b`.
enum ctl_combination {
  ctl_add,
  ctl_subtract,
  ctl_multiply,
  ctl_divide,
  ctl_maximum,
  ctl_minimum,
  ctl_power,
  ctl_leak,
  // 1 where it holds, else 0.
  ctl_equal,
  ctl_differ,
  ctl_both,
  ctl_either,
};

/// `y[i] = a[i * a_step] combined with b[i * b_step]`; a step is 1, or 0 for one value for all.
void ctl_pairwise(
    enum ctl_combination combination, const float *a, size_t a_step, const float *b, size_t b_step,
    float *y, size_t count);

/// What a row is divided by, and whether its mean is taken off before.
enum ctl_normalization {
  /// `(x - mean) / sqrt(variance + epsilon)`.
  ctl_by_moments,
  /// `x / sqrt(variance + epsilon)`.
  ctl_by_deviation,
  /// `x / sqrt(mean of squares + epsilon)`.
  ctl_by_magnitude,
  /// `x / sqrt(max(sum of squares, epsilon))`.
  ctl_to_unit,
};

/// Normalises one row of at least one value, times `gamma`, plus `beta`, where they aren't null.
void ctl_normalize(
    enum ctl_normalization kind, const float *x, const float *gamma, const float *beta,
    double epsilon, float *y, size_t width);

/// The sum of the products.
float ctl_dot(const float *a, const float *b, size_t count);

/// `y = sum over i of coefficients[i] * x[i]`, in double precision and rounded once.
void ctl_combine(
    const float *const *x, const double *coefficients, size_t terms, float *y, size_t count);

#endif

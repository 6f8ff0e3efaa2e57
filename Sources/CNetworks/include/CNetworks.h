/// Loops over features that oneDNN doesn't have. Arrays don't overlap unless they are the same.
#ifndef CTL_NETWORKS_H
#define CTL_NETWORKS_H

#include <stddef.h>

#include "CSequences.h"

/// `y = x * scale[c] + shift[c]` for x of shape (outer, channels, inner).
void ctl_scale_shift(
    const float *x, const float *scale, const float *shift, float *y, size_t outer, size_t channels,
    size_t inner);

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

#endif

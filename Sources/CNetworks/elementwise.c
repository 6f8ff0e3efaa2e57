#include "CNetworks.h"
#include "versions.h"

CTL_VERSIONS void ctl_scale_shift(
    const float *x, const float *scale, const float *shift, float *y, size_t outer, size_t channels,
    size_t inner) {
  for (size_t o = 0; o < outer; o++) {
    if (inner == 1) {
      for (size_t c = 0; c < channels; c++) y[c] = x[c] * scale[c] + shift[c];
      x += channels, y += channels;
      continue;
    }
    for (size_t c = 0; c < channels; c++) {
      for (size_t i = 0; i < inner; i++) y[i] = x[i] * scale[c] + shift[c];
      x += inner, y += inner;
    }
  }
}

CTL_VERSIONS void ctl_global_mean(
    const float *x, const float *counts, size_t positions, size_t step, size_t channels,
    size_t stride, float *y) {
  double total = 0;
  for (size_t p = 0; p < positions; p++) total += counts ? counts[p] : 1;
  enum { block = 64 };
  // Channels in blocks: neighbours lie side by side where channels come last.
  for (size_t first = 0; first < channels; first += block) {
    size_t width = channels - first < block ? channels - first : block;
    double sums[block] = {0};
    for (size_t p = 0; p < positions; p++) {
      const float *row = x + p * step + first * stride;
      double weight = counts ? counts[p] : 1;
      for (size_t c = 0; c < width; c++) sums[c] += weight * row[c * stride];
    }
    for (size_t c = 0; c < width; c++) y[first + c] = total > 0 ? (float)(sums[c] / total) : 0;
  }
}

CTL_VERSIONS void ctl_global_max(
    const float *x, size_t positions, size_t step, size_t channels, size_t stride, float *y) {
  for (size_t c = 0; c < channels; c++) y[c] = x[c * stride];
  for (size_t p = 1; p < positions; p++)
    for (size_t c = 0; c < channels; c++) {
      float value = x[p * step + c * stride];
      // A NaN, once seen, stays.
      if (!(value <= y[c]) && y[c] == y[c]) y[c] = value;
    }
}

CTL_VERSIONS void ctl_combine(
    const float *const *x, const double *coefficients, size_t terms, float *y, size_t count) {
  enum { block = 512 };
  double sums[block];
  for (size_t first = 0; first < count; first += block) {
    size_t width = count - first < block ? count - first : block;
    for (size_t i = 0; i < width; i++) sums[i] = 0;
    for (size_t t = 0; t < terms; t++) {
      const float *from = x[t] + first;
      for (size_t i = 0; i < width; i++) sums[i] += coefficients[t] * from[i];
    }
    for (size_t i = 0; i < width; i++) y[first + i] = (float)sums[i];
  }
}

CTL_VERSIONS void ctl_relu(
    const float *x, float maximum, float slope, float threshold, float *y, size_t count) {
  if (slope == 0) {
    // Not slope times x: an infinity below gives 0.
    for (size_t i = 0; i < count; i++)
      y[i] = x[i] < threshold ? 0 : x[i] > maximum ? maximum : x[i];
  } else {
    for (size_t i = 0; i < count; i++)
      y[i] = x[i] < threshold ? slope * (x[i] - threshold) : x[i] > maximum ? maximum : x[i];
  }
}

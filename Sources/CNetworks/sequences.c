#include "CSequences.h"

#include <math.h>
#include <string.h>

#include "versions.h"

/// Sums and maxima are taken in lanes, so that the compiler may use vectors without reordering.
enum { lanes = 32 };

/// e^x within 2 units in the last place, without branches; 0 below -87 and e^88 above 88.
///
/// The argument is split as `n ln 2 + r` with |r| <= ln 2 / 2 (Cody and Waite 1980), and e^r is the
/// polynomial of Cephes' `expf`.
CTL_INLINE float exponential(float x) {
  // In this order a NaN stays one.
  float bounded = x < -87.0f ? -87.0f : x > 88.0f ? 88.0f : x;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  float shifted = bounded * 1.44269504f + 12582912.0f;
  unsigned bits;
  memcpy(&bits, &shifted, sizeof bits);
  float n = shifted - 12582912.0f;
  float r = bounded - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1;
  unsigned power = (bits << 23) + 0x3f800000u;
  float scale;
  memcpy(&scale, &power, sizeof scale);
  float result = p * scale;
  return x < -87.0f ? 0 : result;
}

CTL_INLINE float hyperbolic_tangent(float x) { return 1 - 2 / (exponential(2 * x) + 1); }

CTL_INLINE float greatest(const float *row, size_t count) {
  float best[lanes];
  size_t s = 0;
  for (int l = 0; l < lanes; l++) best[l] = -INFINITY;
  for (; s + lanes <= count; s += lanes)
    for (int l = 0; l < lanes; l++) best[l] = row[s + l] > best[l] ? row[s + l] : best[l];
  float result = -INFINITY;
  for (int l = 0; l < lanes; l++) result = best[l] > result ? best[l] : result;
  for (; s < count; s++) result = row[s] > result ? row[s] : result;
  return result;
}

CTL_INLINE void softmax(float *row, size_t count, float scale, float most) {
  float sums[lanes] = {0};
  size_t s = 0;
  for (; s + lanes <= count; s += lanes)
    for (int l = 0; l < lanes; l++) {
      float power = exponential((row[s + l] - most) * scale);
      row[s + l] = power;
      sums[l] += power;
    }
  for (int l = 0; s < count; s++, l++) {
    row[s] = exponential((row[s] - most) * scale);
    sums[l] += row[s];
  }
  float total = 0;
  for (int l = 0; l < lanes; l++) total += sums[l];
  float factor = 1 / total;
  for (s = 0; s < count; s++) row[s] *= factor;
}

CTL_VERSIONS void ctl_softmax_row(
    float *row, size_t count, float scale, const ctl_sight *sight) {
  if (sight) {
    for (size_t s = 0; s < sight->first; s++) row[s] = -INFINITY;
    for (size_t s = sight->last; s < count; s++) row[s] = -INFINITY;
    if (sight->keys)
      for (size_t s = 0; s < count; s++) row[s] = sight->keys[s] != 0 ? row[s] : -INFINITY;
    if (sight->mask)
      for (size_t s = 0; s < count; s++)
        row[s] = sight->mask[s * sight->step] != 0 ? row[s] : -INFINITY;
  }
  float most = greatest(row, count);
  if (sight && most == -INFINITY) {
    float value = sight->empty_is_zero ? 0 : 1 / (float)count;
    // A NaN among what may be seen must not vanish.
    for (size_t s = 0; s < count; s++) row[s] = row[s] == row[s] ? value : row[s];
    return;
  }
  softmax(row, count, scale, most);
}

CTL_VERSIONS void ctl_additive_scores(
    const float *query, const float *keys, const float *weights, float scale, size_t count,
    size_t depth, float *result) {
  for (size_t s = 0; s < count; s++) {
    const float *key = keys + s * depth;
    float sums[lanes] = {0};
    size_t d = 0;
    for (; d + lanes <= depth; d += lanes)
      for (int l = 0; l < lanes; l++) {
        float value = hyperbolic_tangent(scale * (query[d + l] + key[d + l]));
        sums[l] += weights ? value * weights[d + l] : value;
      }
    for (int l = 0; d < depth; d++, l++) {
      float value = hyperbolic_tangent(scale * (query[d] + key[d]));
      sums[l] += weights ? value * weights[d] : value;
    }
    float total = 0;
    for (int l = 0; l < lanes; l++) total += sums[l];
    result[s] = total;
  }
}

CTL_VERSIONS void ctl_vector_add(const float *a, const float *b, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] + b[i];
}

CTL_VERSIONS void ctl_vector_multiply_add(
    const float *a, const float *b, const float *c, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] + b[i] * c[i];
}

CTL_VERSIONS void ctl_vector_multiply(const float *a, const float *b, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = a[i] * b[i];
}

CTL_VERSIONS void ctl_mix(
    const float *z, const float *a, const float *b, float *y, size_t count) {
  for (size_t i = 0; i < count; i++) y[i] = z[i] * a[i] + (1 - z[i]) * b[i];
}

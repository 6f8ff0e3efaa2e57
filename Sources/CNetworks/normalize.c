#include <math.h>

#include "CNetworks.h"
#include "versions.h"

// Sums in eight lanes: the same for every width of vector, and vectors can be used.
enum { lanes = 8 };

CTL_INLINE double total(const double sums[lanes]) {
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

CTL_INLINE double mean_of(const float *x, size_t width) {
  double sums[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    for (size_t l = 0; l < lanes; l++) sums[l] += x[i + l];
  for (; i < width; i++) sums[0] += x[i];
  return total(sums) / (double)width;
}

/// The mean square of the distance from a value.
CTL_INLINE double spread_about(const float *x, double center, size_t width) {
  double sums[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= width; i += lanes)
    for (size_t l = 0; l < lanes; l++) sums[l] += (x[i + l] - center) * (x[i + l] - center);
  for (; i < width; i++) sums[0] += (x[i] - center) * (x[i] - center);
  return total(sums) / (double)width;
}

CTL_VERSIONS void ctl_normalize(
    enum ctl_normalization kind, const float *x, const float *gamma, const float *beta,
    double epsilon, float *y, size_t width) {
  double center = 0, factor;
  switch (kind) {
    case ctl_by_moments:
      center = mean_of(x, width);
      factor = 1 / sqrt(spread_about(x, center, width) + epsilon);
      break;
    case ctl_by_deviation:
      factor = 1 / sqrt(spread_about(x, mean_of(x, width), width) + epsilon);
      break;
    case ctl_by_magnitude:
      factor = 1 / sqrt(spread_about(x, 0, width) + epsilon);
      break;
    case ctl_to_unit:
      factor = 1 / sqrt(fmax(spread_about(x, 0, width) * (double)width, epsilon));
      break;
  }
  float c = (float)center, f = (float)factor;
  for (size_t i = 0; i < width; i++) y[i] = (x[i] - c) * f;
  if (gamma)
    for (size_t i = 0; i < width; i++) y[i] *= gamma[i];
  if (beta)
    for (size_t i = 0; i < width; i++) y[i] += beta[i];
}

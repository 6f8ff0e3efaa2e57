#include "CNetworks.h"
#include "versions.h"

CTL_VERSIONS float ctl_dot(const float *a, const float *b, size_t count) {
  // Eight sums side by side, so that vectors can be used and the order is fixed.
  enum { lanes = 8 };
  float sums[lanes] = {0};
  size_t i = 0;
  for (; i + lanes <= count; i += lanes)
    for (size_t l = 0; l < lanes; l++) sums[l] += a[i + l] * b[i + l];
  for (; i < count; i++) sums[0] += a[i] * b[i];
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}

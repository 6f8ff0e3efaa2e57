#include <math.h>

#include "CNetworks.h"
#include "versions.h"

// A NaN on either side is the result of a maximum or minimum, as in Keras.
CTL_INLINE float greater(float a, float b) { return a > b || a != a ? a : b; }
CTL_INLINE float lesser(float a, float b) { return a < b || a != a ? a : b; }

#define LOOP(expression)                                                                           \
  if (a_step && b_step)                                                                            \
    for (size_t i = 0; i < count; i++) {                                                           \
      float x = a[i], z = b[i];                                                                    \
      y[i] = (expression);                                                                         \
    }                                                                                              \
  else if (a_step) {                                                                               \
    float z = b[0];                                                                                \
    for (size_t i = 0; i < count; i++) {                                                           \
      float x = a[i];                                                                              \
      y[i] = (expression);                                                                         \
    }                                                                                              \
  } else {                                                                                         \
    float x = a[0];                                                                                \
    for (size_t i = 0; i < count; i++) {                                                           \
      float z = b[i * b_step];                                                                     \
      y[i] = (expression);                                                                         \
    }                                                                                              \
  }                                                                                                \
  break

CTL_VERSIONS void ctl_pairwise(
    enum ctl_combination combination, const float *a, size_t a_step, const float *b, size_t b_step,
    float *y, size_t count) {
  switch (combination) {
    case ctl_add: LOOP(x + z);
    case ctl_subtract: LOOP(x - z);
    case ctl_multiply: LOOP(x * z);
    case ctl_divide: LOOP(x / z);
    case ctl_maximum: LOOP(greater(x, z));
    case ctl_minimum: LOOP(lesser(x, z));
    case ctl_power: LOOP(powf(x, z));
    case ctl_leak: LOOP(x > 0 ? x : x * z);
    case ctl_equal: LOOP(x == z);
    case ctl_differ: LOOP(x != z);
    case ctl_both: LOOP(x != 0 && z != 0);
    case ctl_either: LOOP(x != 0 || z != 0);
  }
}

/// Loops of attention and of recurrent layers.
#ifndef CTL_SEQUENCES_H
#define CTL_SEQUENCES_H

#include <stdbool.h>
#include <stddef.h>

/// Which keys a row of scores may see.
typedef struct {
  /// 0 for each key that may not be seen, or null.
  const float *keys;
  /// A second mask, whose entry for key s is `mask[s * step]`, or null.
  const float *mask;
  size_t step;
  /// Keys outside of `first ..< last` may not be seen.
  size_t first, last;
  /// Whether a row that sees no key becomes 0 instead of 1 / count.
  bool empty_is_zero;
} ctl_sight;

/// Replaces a row x by `softmax(scale * x)` over the keys that it may see, 0 for the others. A null
/// sight lets it see all. `scale` is positive.
void ctl_softmax_row(float *row, size_t count, float scale, const ctl_sight *sight);

/// `result[s] = Σ_d weights[d] tanh(scale (query[d] + keys[s][d]))`, without weights where they are null.
void ctl_additive_scores(
    const float *query, const float *keys, const float *weights, float scale, size_t count,
    size_t depth, float *result);

/// `y = a + b`.
void ctl_vector_add(const float *a, const float *b, float *y, size_t count);

/// `y = a + b * c`.
void ctl_vector_multiply_add(const float *a, const float *b, const float *c, float *y, size_t count);

/// `y = a * b`.
void ctl_vector_multiply(const float *a, const float *b, float *y, size_t count);

/// `y = z * a + (1 - z) * b`.
void ctl_mix(const float *z, const float *a, const float *b, float *y, size_t count);

#endif

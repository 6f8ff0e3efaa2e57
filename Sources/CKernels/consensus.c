// The steps of merges by consensus, in place. Each operation rounds as written.
#include "elements.h"

/// A value or +0, without a branch.
CTL_INLINE double kept(bool condition, double value) {
  return double_of(bits_of_double(value) & (condition ? UINT64_MAX : 0));
}

CTL_INLINE void subtract_in_place(
    bool avx2, const double *base, double *restrict values, size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) values[i] -= base[i];
}

CTL_INLINE void multiply(bool avx2, double *values, double factor, size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) values[i] *= factor;
}

CTL_INLINE void add_agreeing(
    bool avx2, const double *x, const double *votes, double weight, double voice,
    bool zero_is_positive, double *restrict sums, double *restrict weights, size_t count) {
  (void)avx2;
  double least = zero_is_positive ? 0 : 0x1p-1074;
  for (size_t i = 0; i < count; i++) {
    double part = voice * x[i];
    bool disagrees = ((votes[i] >= least) & !(part > 0)) | ((votes[i] < 0) & !(part < 0))
        | ((votes[i] < least) & (votes[i] >= 0));
    sums[i] += kept(!disagrees, weight * x[i]);
    weights[i] += kept(!disagrees, weight);
  }
}

CTL_INLINE void add_scaled_quotients(
    bool avx2, const double *sums, const double *weights, double factor, double *restrict result,
    size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) {
    double mean = weights[i] == 0 ? sums[i] : sums[i] / weights[i];
    result[i] += factor * mean;
  }
}

CTL_INLINE void keep_randomly(
    bool avx2, const double *numbers, double probability, double *restrict values,
    size_t count) {
  (void)avx2;
  for (size_t i = 0; i < count; i++) values[i] = kept(numbers[i] < probability, values[i]);
}

CTL_INLINE void keep_by_probabilities(
    bool avx2, const double *numbers, const double *probabilities, bool rescales,
    double *restrict values, size_t count) {
  (void)avx2;
  if (rescales)
    for (size_t i = 0; i < count; i++)
      values[i] = kept(numbers[i] < probabilities[i], values[i] / probabilities[i]);
  else
    for (size_t i = 0; i < count; i++)
      values[i] = kept(numbers[i] < probabilities[i], values[i]);
}

CTL_TWO_PATHS(
    void, subtract_in_place, (const double *base, double *values, size_t count),
    base, values, count)
CTL_TWO_PATHS(
    void, multiply, (double *values, double factor, size_t count), values, factor, count)
CTL_TWO_PATHS(
    void, add_agreeing,
    (const double *x, const double *votes, double weight, double voice, bool zero_is_positive,
     double *sums, double *weights, size_t count),
    x, votes, weight, voice, zero_is_positive, sums, weights, count)
CTL_TWO_PATHS(
    void, add_scaled_quotients,
    (const double *sums, const double *weights, double factor, double *result, size_t count),
    sums, weights, factor, result, count)
CTL_TWO_PATHS(
    void, keep_randomly,
    (const double *numbers, double probability, double *values, size_t count),
    numbers, probability, values, count)
CTL_TWO_PATHS(
    void, keep_by_probabilities,
    (const double *numbers, const double *probabilities, bool rescales, double *values,
     size_t count),
    numbers, probabilities, rescales, values, count)

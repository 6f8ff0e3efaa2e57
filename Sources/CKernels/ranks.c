// Selection by rank: values as keys that are ordered as integers.
#include "elements.h"

static const int64_t key_of_nan = INT64_C(0x7FF0000000000001);

/// The key of a value: NaN is the greatest, and zeros are equal.
CTL_INLINE int64_t key_of(ctl_rank_order order, double value) {
  int64_t bits = (int64_t)bits_of_double(value), magnitude = bits & INT64_MAX;
  int64_t key = order == ctl_by_magnitude || bits >= 0 ? magnitude : -magnitude;
  return magnitude > key_of_nan ? key_of_nan : key;
}

int64_t ctl_rank_key(ctl_rank_order order, double value) { return key_of(order, value); }

void ctl_count_magnitudes(const double *values, size_t count, int64_t *restrict bins) {
  const int64_t first = ctl_first_magnitude_bin, last = first + ctl_magnitude_bins - 1;
  for (size_t i = 0; i < count; i++) {
    int64_t key = (int64_t)bits_of_double(values[i]) & INT64_MAX;
    int64_t bin = key >> ctl_magnitude_shift;
    bin = bin < first - 1 ? first - 1 : bin;
    bin = bin > last + 1 ? last + 1 : bin;
    bins[bin - first + 2 - (key == 0)]++;
  }
}

enum { BLOCK = 16 };

CTL_INLINE size_t keys_between(
    ctl_rank_order order, const double *values, size_t count, int64_t first_index, int64_t low,
    int64_t high, int64_t *restrict keys, int64_t *restrict indices) {
  size_t found = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t end = count - start < BLOCK ? count : start + BLOCK;
    if (end == start + BLOCK) {
      // Few blocks hold any key of a narrow range, and this loop vectorises.
      int64_t any = 0;
      for (size_t i = start; i < start + BLOCK; i++) {
        int64_t key = key_of(order, values[i]);
        any |= (key >= low) & (key <= high);
      }
      if (any == 0) continue;
    }
    for (size_t i = start; i < end; i++) {
      int64_t key = key_of(order, values[i]);
      keys[found] = key;
      indices[found] = first_index + (int64_t)i;
      found += (key >= low) & (key <= high);
    }
  }
  return found;
}

CTL_INLINE size_t find_keys(
    bool avx2, ctl_rank_order order, const double *values, size_t count, int64_t first_index,
    int64_t low, int64_t high, int64_t *keys, int64_t *indices) {
  (void)avx2;
  if (order == ctl_by_magnitude)
    return keys_between(
        ctl_by_magnitude, values, count, first_index, low, high, keys, indices);
  return keys_between(ctl_by_value, values, count, first_index, low, high, keys, indices);
}

CTL_INLINE void clear_others(
    ctl_rank_order order, double *values, size_t count, int64_t low) {
  for (size_t i = 0; i < count; i++) {
    uint64_t kept = key_of(order, values[i]) >= low ? UINT64_MAX : 0;
    values[i] = double_of(bits_of_double(values[i]) & kept);
  }
}

CTL_INLINE void clear_below(
    bool avx2, ctl_rank_order order, double *values, size_t count, int64_t low) {
  (void)avx2;
  if (order == ctl_by_magnitude)
    clear_others(ctl_by_magnitude, values, count, low);
  else
    clear_others(ctl_by_value, values, count, low);
}

CTL_TWO_PATHS(
    size_t, find_keys,
    (ctl_rank_order order, const double *values, size_t count, int64_t first_index, int64_t low,
     int64_t high, int64_t *keys, int64_t *indices),
    order, values, count, first_index, low, high, keys, indices)
CTL_TWO_PATHS(
    void, clear_below, (ctl_rank_order order, double *values, size_t count, int64_t low),
    order, values, count, low)

// Eight interleaved sums, as vectors that any compiler of C with GNU's extensions can split.
#ifndef CTL_LANES_H
#define CTL_LANES_H

#include "elements.h"

enum { LANES = 8, BLOCK_GROUPS = 32 };

typedef double lanes __attribute__((vector_size(64), aligned(8), may_alias));
/// All bits set where a comparison of lanes holds; as a number that is -1.
typedef int64_t masks __attribute__((vector_size(64), aligned(8), may_alias));

// Macros, because vectors wider than the baseline's can't be handed to functions.
#define LANES_AT(array) (*(const lanes *)(array))
#define SET_LANES(array, values) (*(lanes *)(array) = (values))
#define MASKS_AT(array) (*(masks *)(array))
#define SELECT(mask, a, b) ((lanes)(((mask) & (masks)(a)) | (~(mask) & (masks)(b))))

/// Adds a value to each lane's sum; what the rounding lost (Knuth's TwoSum) and `more` go to the
/// errors.
#define ADD_TO_LANES(sums, errors, value, more)                                                 \
  do {                                                                                          \
    lanes next = (sums) + (value);                                                              \
    lanes part_of_value = next - (sums);                                                        \
    lanes part_of_sums = next - part_of_value;                                                  \
    (errors) += (((sums) - part_of_sums) + ((value) - part_of_value)) more;                     \
    (sums) = next;                                                                              \
  } while (0)

/// Adds products of values group by group; the error of each addition (Knuth's TwoSum) is added up
/// apart. The order is fixed: element i belongs to lane i mod 8, and lanes never mix.
CTL_INLINE void add_products(
    const double *x, const double *y, size_t groups, ctl_lane_sum *restrict sum) {
  lanes sums = LANES_AT(sum->sums), errors = LANES_AT(sum->errors);
  for (size_t g = 0; g < groups; g++) {
    lanes value = LANES_AT(x + LANES * g) * LANES_AT(y + LANES * g);
    ADD_TO_LANES(sums, errors, value, );
  }
  SET_LANES(sum->sums, sums);
  SET_LANES(sum->errors, errors);
}

CTL_INLINE void add_values(const double *x, size_t groups, ctl_lane_sum *restrict sum) {
  lanes sums = LANES_AT(sum->sums), errors = LANES_AT(sum->errors);
  for (size_t g = 0; g < groups; g++) {
    lanes value = LANES_AT(x + LANES * g);
    ADD_TO_LANES(sums, errors, value, );
  }
  SET_LANES(sum->sums, sums);
  SET_LANES(sum->errors, errors);
}

#endif

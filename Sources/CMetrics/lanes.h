// Eight interleaved sums as two vectors of four, and the sum of many blocks of them.
//
// Element i of a block belongs to lane i mod 8, and lanes are added in one order, so that the bits
// of a sum depend on nothing but the values.
#ifndef CTL_METRICS_LANES_H
#define CTL_METRICS_LANES_H

#include <string.h>

#include "paths.h"

enum { LANES = 8 };

typedef float floats __attribute__((vector_size(16), aligned(4), may_alias));
typedef double doubles __attribute__((vector_size(32)));
typedef double doubles_in_memory __attribute__((vector_size(32), aligned(8), may_alias));

// Macros, because vectors wider than the baseline's can't be handed to functions.
#define WIDENED(from) __builtin_convertvector(*(const floats *)(from), doubles)
#define DOUBLES_AT(from) ((doubles)(*(const doubles_in_memory *)(from)))
#define SET_DOUBLES(to, values) (*(doubles_in_memory *)(to) = (values))

/// A sum and the errors of its additions.
typedef struct {
  double sum, error;
} total;

/// Knuth's TwoSum.
CTL_INLINE void add_to_total(total *to, double value) {
  double next = to->sum + value;
  double part_of_value = next - to->sum;
  double part_of_sum = next - part_of_value;
  to->error += (to->sum - part_of_sum) + (value - part_of_value);
  to->sum = next;
}

/// A value that isn't finite leaves a sum that isn't, and an error that isn't a number.
CTL_INLINE double total_value(total of) {
  return of.sum - of.sum == 0 ? of.sum + of.error : of.sum;
}

/// Adds the lanes of a block.
#define ADD_LANES(to, low, high)                                                                \
  do {                                                                                          \
    doubles four = (low) + (high);                                                              \
    add_to_total((to), (four[0] + four[2]) + (four[1] + four[3]));                              \
  } while (0)

/// The last elements of a block, followed by zeros, which change no sum.
CTL_INLINE void pad(float *restrict to, const float *from, size_t count) {
  memset(to, 0, LANES * sizeof(float));
  memcpy(to, from, count * sizeof(float));
}

#endif

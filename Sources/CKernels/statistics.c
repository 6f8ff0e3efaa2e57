// What Swift's Statistics and Differences gather from groups of eight values.
//
// A block is masked first and then summed sum by sum: all sums at once need more vectors than a
// processor has registers.
#include "lanes.h"

static const lanes zero = {0};

CTL_INLINE void statistics_add(
    bool avx2, const double *values, size_t groups, double shift, ctl_statistics *restrict state) {
  (void)avx2;
  double finite[LANES * BLOCK_GROUPS], differences[LANES * BLOCK_GROUPS];
  while (groups > 0) {
    size_t length = groups < BLOCK_GROUPS ? groups : BLOCK_GROUPS;
    lanes least = LANES_AT(state->least), greatest = LANES_AT(state->greatest);
    masks zeros = zero == 1, finites = zeros, nans = zeros;
    for (size_t g = 0; g < length; g++) {
      lanes x = LANES_AT(values + LANES * g);
      masks is_finite = (x - x) == 0;
      SET_LANES(finite + LANES * g, (lanes)(is_finite & (masks)x));
      SET_LANES(differences + LANES * g, (lanes)(is_finite & (masks)(x - shift)));
      least = SELECT(is_finite & (x < least), x, least);
      greatest = SELECT(is_finite & (x > greatest), x, greatest);
      zeros += x == 0;
      finites += is_finite;
      nans += x != x;
    }
    SET_LANES(state->least, least);
    SET_LANES(state->greatest, greatest);
    MASKS_AT(state->zeros) -= zeros;
    MASKS_AT(state->finite) -= finites;
    MASKS_AT(state->nans) -= nans;
    add_values(differences, length, &state->differences);
    add_products(differences, differences, length, &state->squared_differences);
    add_products(finite, finite, length, &state->squares);
    values += LANES * length, groups -= length;
  }
}

CTL_INLINE void differences_add(
    bool avx2, const double *a, const double *b, size_t groups, double tolerance,
    ctl_differences *restrict state) {
  (void)avx2;
  const masks magnitude = (zero == 0) & INT64_MAX;
  const lanes infinity = zero + (double)__builtin_inf();
  double xs[LANES * BLOCK_GROUPS], ys[LANES * BLOCK_GROUPS], distances[LANES * BLOCK_GROUPS];
  while (groups > 0) {
    size_t length = groups < BLOCK_GROUPS ? groups : BLOCK_GROUPS;
    lanes greatest_distance = LANES_AT(state->greatest_distance);
    lanes greatest_ratio = LANES_AT(state->greatest_ratio);
    masks differing = zero == 1, comparable = differing;
    for (size_t g = 0; g < length; g++) {
      lanes left = LANES_AT(a + LANES * g), right = LANES_AT(b + LANES * g);
      masks is_comparable = ((left - left) == 0) & ((right - right) == 0);
      masks is_equal = (left == right) | ((left != left) & (right != right));
      lanes x = (lanes)(is_comparable & (masks)left), y = (lanes)(is_comparable & (masks)right);
      lanes difference = x - y;
      SET_LANES(xs + LANES * g, x);
      SET_LANES(ys + LANES * g, y);
      SET_LANES(distances + LANES * g, difference);
      lanes distance =
          SELECT(is_comparable | is_equal, (masks)difference & magnitude, infinity);
      // Zero by zero isn't a number and loses the comparison below.
      lanes size_of_x = (lanes)((masks)x & magnitude), size_of_y = (lanes)((masks)y & magnitude);
      lanes ratio = distance / SELECT(size_of_y > size_of_x, size_of_y, size_of_x);
      greatest_distance = SELECT(distance > greatest_distance, distance, greatest_distance);
      greatest_ratio = SELECT(ratio > greatest_ratio, ratio, greatest_ratio);
      differing += distance > tolerance;
      comparable += is_comparable;
    }
    SET_LANES(state->greatest_distance, greatest_distance);
    SET_LANES(state->greatest_ratio, greatest_ratio);
    MASKS_AT(state->differing) -= differing;
    MASKS_AT(state->comparable) -= comparable;
    add_products(distances, distances, length, &state->squared_distances);
    add_products(xs, xs, length, &state->squares_of_a);
    add_products(ys, ys, length, &state->squares_of_b);
    add_products(xs, ys, length, &state->products);
    a += LANES * length, b += LANES * length, groups -= length;
  }
}

CTL_TWO_PATHS(
    void, statistics_add,
    (const double *values, size_t groups, double shift, ctl_statistics *state),
    values, groups, shift, state)
CTL_TWO_PATHS(
    void, differences_add,
    (const double *a, const double *b, size_t groups, double tolerance, ctl_differences *state),
    a, b, groups, tolerance, state)

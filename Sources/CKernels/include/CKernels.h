/// Arithmetic over arrays of numbers, at the speed of the memory.
///
/// Every function has two paths: one for x86-64 processors with AVX2, F16C and FMA, taken where the
/// processor has them, and one in portable C for all others. Both give the same bits, the payload of
/// a NaN that arithmetic makes of two NaNs excepted. Each operation is rounded as it is written; a
/// fused multiply-add is used only where it is written (for the error of a product).
///
/// Stored elements may lie at any address; arrays of `double` are aligned as the language wants.
/// `swapped` says that the bytes of an element are in the order that the machine doesn't use.
#ifndef CTL_KERNELS_H
#define CTL_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The stored formats: IEEE 754 binary16, bfloat16, binary32 and binary64.
typedef enum { ctl_float16, ctl_bfloat16, ctl_float32, ctl_float64 } ctl_format;

/// Makes the calling thread take the portable path, for tests; false goes back to the default.
void ctl_force_portable(bool forced);
/// Whether the calling thread takes the path for AVX2, F16C and FMA.
bool ctl_uses_avx2(void);

/// Widens stored elements, exactly. A signalling NaN becomes quiet.
void ctl_decode(
    ctl_format format, bool swapped, const void *from, double *to, size_t count);

/// Rounds values to a format, once and to nearest, ties to even.
///
/// Overflow gives infinity, subnormal numbers are kept, a NaN stays a NaN (quiet, with its sign and
/// the upper bits of its payload).
void ctl_encode(
    ctl_format format, bool swapped, const double *from, void *to, size_t count);

/// The mean of two arrays of stored elements, correctly rounded.
///
/// @return Whether all sums are finite; if not, the result means nothing.
bool ctl_mean_of_two(
    ctl_format format, bool swapped, const void *a, const void *b, void *result, size_t count);

/// The range of the magnitudes that went into sums, as bits of the format without the sign.
typedef struct {
  /// The greatest magnitude.
  uint32_t greatest;
  /// One less than the least magnitude that isn't zero; 2^32 - 1 where all are zero.
  uint32_t least;
} ctl_magnitudes;

/// Adds stored elements (not of binary64) to sums and widens the range of their magnitudes.
///
/// @param is_first Whether the sums are set to the elements instead.
void ctl_sum(
    ctl_format format, bool swapped, const void *from, bool is_first, double *sums, size_t count,
    ctl_magnitudes *magnitudes);

/// Whether sums of `source_count` elements whose magnitudes lie in a range are exact in binary64.
bool ctl_sum_is_exact(ctl_format format, size_t source_count, ctl_magnitudes magnitudes);

/// `sums += x`; returns whether every sum is exact (and finite).
bool ctl_add_exactly(const double *x, double *sums, size_t count);

/// `result = factor * x`.
void ctl_scale(const double *x, double factor, double *result, size_t count);
/// `result += factor * x`.
void ctl_add_scaled(const double *x, double factor, double *result, size_t count);
/// `result += factor * (x - base)`.
void ctl_add_scaled_difference(
    const double *x, const double *base, double factor, double *result, size_t count);
/// `result = x - y`.
void ctl_subtract(const double *x, const double *y, double *result, size_t count);
/// `result = a * x + b * y`.
void ctl_blend(
    const double *x, const double *y, double a, double b, double *result, size_t count);
/// `values /= divisor`.
void ctl_divide(double *values, double divisor, size_t count);

/// Whether every value stays finite when it is multiplied by `scale`.
bool ctl_all_finite(const double *values, double scale, size_t count);

/// Sums of eight interleaved streams, and the errors of their additions: element i of a stream
/// belongs to lane i mod 8.
typedef struct {
  double sums[8], errors[8];
} ctl_lane_sum;

/// Adds the next elements of a stream, or their magnitudes, to sums with twice the precision.
///
/// @param position The number of elements that came before, which says what lane is next.
void ctl_compensated_sum(
    const double *x, size_t count, size_t position, bool magnitudes, ctl_lane_sum *sum);

/// The same for the products of the next elements of two streams, whose errors are kept too.
void ctl_compensated_dot(
    const double *x, const double *y, size_t count, size_t position, ctl_lane_sum *sum);

/// What is known of the values of a stream, lane by lane.
typedef struct {
  double least[8], greatest[8];
  int64_t zeros[8], finite[8], nans[8];
  ctl_lane_sum differences, squared_differences, squares;
} ctl_statistics;

/// Takes groups of one value per lane; sums are taken of the finite ones, less `shift`.
void ctl_statistics_add(const double *values, size_t groups, double shift, ctl_statistics *state);

/// What is known of the pairs of two streams, lane by lane.
typedef struct {
  double greatest_distance[8], greatest_ratio[8];
  int64_t differing[8], comparable[8];
  ctl_lane_sum squared_distances, squares_of_a, squares_of_b, products;
} ctl_differences;

/// Takes groups of one pair per lane; pairs that differ by more than `tolerance` are counted.
void ctl_differences_add(
    const double *a, const double *b, size_t groups, double tolerance, ctl_differences *state);

/// `values -= base`.
void ctl_subtract_in_place(const double *base, double *values, size_t count);
/// `values *= factor`.
void ctl_multiply(double *values, double factor, size_t count);

/// Adds `weight * x` to sums and `weight` to weights where `voice * x` has the sign of the vote.
///
/// A vote of zero counts as positive, or elects nobody; a product of zero has no sign. Where the vote
/// is NaN, everything is added.
void ctl_add_agreeing(
    const double *x, const double *votes, double weight, double voice, bool zero_is_positive,
    double *sums, double *weights, size_t count);
/// `result += factor * (sums / weights)`; where the weight is zero, the sum isn't divided.
void ctl_add_scaled_quotients(
    const double *sums, const double *weights, double factor, double *result, size_t count);

/// Sets values to +0 whose numbers aren't below a probability.
void ctl_keep_randomly(
    const double *numbers, double probability, double *values, size_t count);
/// The same with a probability for each value; those that stay are divided by it if so wanted.
void ctl_keep_by_probabilities(
    const double *numbers, const double *probabilities, bool rescales, double *values,
    size_t count);

/// What values are ranked by.
typedef enum { ctl_by_magnitude, ctl_by_value } ctl_rank_order;

enum {
  /// Magnitudes from 2^-60 to 2^4 are counted in 1024 bins per power of two.
  ctl_magnitude_bins = 64 << 10,
  ctl_magnitude_shift = 42,
  ctl_first_magnitude_bin = (1023 - 60) << 10,
};

/// An integer that is ordered as the value (or its magnitude) is, and 0 for zeros; NaN is the
/// greatest. It is the magnitude's bits with the sign, but for NaN.
int64_t ctl_rank_key(ctl_rank_order order, double value);

/// Counts magnitudes: zeros in bin 0, those below 2^-60 in bin 1, then come the
/// `ctl_magnitude_bins`, and one bin for all that is larger or NaN.
void ctl_count_magnitudes(const double *values, size_t count, int64_t *bins);

/// Finds the values whose keys lie in a closed range.
///
/// @param first_index The index of the first value.
/// @param keys Room for `count` keys.
/// @param indices Room for the indices of as many values.
/// @return How many there are.
size_t ctl_find_keys(
    ctl_rank_order order, const double *values, size_t count, int64_t first_index, int64_t low,
    int64_t high, int64_t *keys, int64_t *indices);

/// Sets the values whose keys are below `low` to +0.
void ctl_clear_below(ctl_rank_order order, double *values, size_t count, int64_t low);

/// One block of Philox4x32-10, as published.
void ctl_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t result[4]);

/// Uniform numbers in [0, 1) with 53 bits by Philox4x32-10, from number `first` of a stream on.
///
/// Number n is made of half a block: the counter's words are those of n / 2 and those of the
/// stream, the key's are those of `key`, low ones first. Even numbers take words 1 (high) and 0
/// (low) of the result, odd ones words 3 and 2, and of these 64 bits the upper 53.
void ctl_uniform_numbers(
    uint64_t key, uint64_t stream, uint64_t first, double *to, size_t count);

#endif

// Sums of channels and of their squares, row by row.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#include "lanes.h"

CTL_INLINE void moments_add(
    const float *values, size_t rows, size_t stride, size_t channels, const double *shifts,
    double *restrict sums, double *restrict errors, double *restrict squares,
    double *restrict square_errors) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = values + row * stride;
    for (size_t c = 0; c < channels; c++) {
      double x = from[c] - shifts[c];
      total sum = {sums[c], errors[c]}, square = {squares[c], square_errors[c]};
      add_to_total(&sum, x);
      add_to_total(&square, x * x);
      sums[c] = sum.sum, errors[c] = sum.error;
      squares[c] = square.sum, square_errors[c] = square.error;
    }
  }
}

CTL_TWO_PATHS(
    void, moments_add,
    (const float *values, size_t rows, size_t stride, size_t channels, const double *shifts,
     double *sums, double *errors, double *squares, double *square_errors),
    values, rows, stride, channels, shifts, sums, errors, squares, square_errors)

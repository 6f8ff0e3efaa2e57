/// Sums over the features of several networks, at the speed of the memory.
///
/// Every function has two paths: one for x86-64 processors with AVX2 and FMA, taken where the
/// processor has them, and one in portable C; inner products have a third. All give the same bits: where multiplications are
/// fused with additions, the products are exact, so that the fusion changes nothing.
#ifndef CTL_METRICS_H
#define CTL_METRICS_H

#include <stdbool.h>
#include <stddef.h>

/// Makes the calling thread take the portable path, for tests; false goes back to the default.
void ctl_metrics_force_portable(bool forced);
/// Whether the calling thread takes the path for AVX2 and FMA.
bool ctl_metrics_uses_avx2(void);
/// Whether it takes that for AVX-512, which inner products have besides.
bool ctl_metrics_uses_avx512(void);

/// The elements whose products are added up plainly; sums of such blocks are added with the error
/// of each addition kept. So a sum of products has a relative error, against the sum of their
/// magnitudes, below 2^-53 (128 + 3 + 2): the additions in one of eight lanes, those of the lanes,
/// and the rounding of the whole; however many elements there are.
enum { ctl_metrics_block = 1024 };

/// Products of streams x, y and z (numbers of streams, equal ones allowed).
typedef struct {
  size_t x, y, z;
  /// Whether all six products of two of them are taken; if not, only those of x.
  bool is_triangle;
} ctl_tile;

/// Inner products of streams of `count` values in binary64.
///
/// @param streams The streams, `stream_count` of them.
/// @param tiles The products that are wanted; a product in several tiles is computed several times.
/// @param scratch Room for 12 numbers a tile.
/// @param gram A symmetric matrix of `stream_count` rows; entries that no tile holds are left alone.
void ctl_gram(
    const float *const *streams, size_t stream_count, size_t count, const ctl_tile *tiles,
    size_t tile_count, double *scratch, double *gram);

/// A sum of streams, each times a factor: `factors[0] streams[indices[0]] + ...`.
typedef struct {
  const size_t *indices;
  const double *factors;
  size_t count;
} ctl_form;

/// |u|^2 of a sum of streams whose values are computed one by one in binary64.
double ctl_form_square(const float *const *streams, ctl_form u, size_t count);

/// |a u - b v|^2 of sums of streams whose values are computed one by one in binary64.
double ctl_forms_distance(
    const float *const *streams, ctl_form u, double a, ctl_form v, double b, size_t count);

/// Adds rows of channels, less a shift for each channel, and their squares to sums with the errors
/// of their additions; a row begins `stride` values after the one before.
void ctl_moments_add(
    const float *values, size_t rows, size_t stride, size_t channels, const double *shifts,
    double *sums, double *errors, double *squares, double *square_errors);

#endif

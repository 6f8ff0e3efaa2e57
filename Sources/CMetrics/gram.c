// Inner products of streams of binary32 in binary64.
//
// A product of two binary32 numbers is exact in binary64, subnormal ones included, so a fused
// multiply-add rounds exactly where a multiplication and an addition would.
#if defined(__clang__)
#pragma STDC FP_CONTRACT ON
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=fast")
#endif

#include <stdint.h>

#include "lanes.h"

// All lanes at once: one vector for AVX-512, two for AVX2.
typedef float eight_floats __attribute__((vector_size(32), aligned(4), may_alias));
typedef double eight_doubles __attribute__((vector_size(64)));

#define EIGHT_AT(from) __builtin_convertvector(*(const eight_floats *)(from), eight_doubles)
#define ADD_EIGHT(to, sums)                                                                     \
  ADD_LANES(                                                                                    \
      to, __builtin_shufflevector(sums, sums, 0, 1, 2, 3),                                      \
      __builtin_shufflevector(sums, sums, 4, 5, 6, 7))

// Two pages on: the processor's own fetching ahead stops at the end of a page. As a number, since
// it may lie behind the array, where nothing is read.
#define FETCH_AHEAD(from) __builtin_prefetch((const void *)((uintptr_t)(from) + 8192))

#define TRIANGLE_STEP(a, b, c)                                                                  \
  do {                                                                                          \
    eight_doubles u = EIGHT_AT(a), v = EIGHT_AT(b), w = EIGHT_AT(c);                            \
    xx += u * u, xy += u * v, xz += u * w, yy += v * v, yz += v * w, zz += w * w;               \
  } while (0)

/// Adds the six products of a block of three streams: xx, xy, xz, yy, yz, zz.
CTL_INLINE void triangle(
    const float *x, const float *y, const float *z, size_t count, total *restrict totals) {
  eight_doubles xx = {0}, xy = {0}, xz = {0}, yy = {0}, yz = {0}, zz = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    FETCH_AHEAD(x + i), FETCH_AHEAD(y + i), FETCH_AHEAD(z + i);
    TRIANGLE_STEP(x + i, y + i, z + i);
  }
  if (i < count) {
    float last[3][LANES];
    pad(last[0], x + i, count - i);
    pad(last[1], y + i, count - i);
    pad(last[2], z + i, count - i);
    TRIANGLE_STEP(last[0], last[1], last[2]);
  }
  ADD_EIGHT(&totals[0], xx);
  ADD_EIGHT(&totals[1], xy);
  ADD_EIGHT(&totals[2], xz);
  ADD_EIGHT(&totals[3], yy);
  ADD_EIGHT(&totals[4], yz);
  ADD_EIGHT(&totals[5], zz);
}

#define STAR_STEP(a, b, c)                                                                      \
  do {                                                                                          \
    eight_doubles u = EIGHT_AT(a);                                                              \
    xx += u * u, xy += u * EIGHT_AT(b), xz += u * EIGHT_AT(c);                                  \
  } while (0)

/// Adds the products of a block of one stream with itself and two others: xx, xy, xz.
CTL_INLINE void star(
    const float *x, const float *y, const float *z, size_t count, total *restrict totals) {
  eight_doubles xx = {0}, xy = {0}, xz = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) STAR_STEP(x + i, y + i, z + i);
  if (i < count) {
    float last[3][LANES];
    pad(last[0], x + i, count - i);
    pad(last[1], y + i, count - i);
    pad(last[2], z + i, count - i);
    STAR_STEP(last[0], last[1], last[2]);
  }
  ADD_EIGHT(&totals[0], xx);
  ADD_EIGHT(&totals[1], xy);
  ADD_EIGHT(&totals[2], xz);
}

CTL_INLINE void set(double *gram, size_t rows, size_t i, size_t j, total value) {
  gram[i * rows + j] = gram[j * rows + i] = total_value(value);
}

CTL_INLINE void gram(
    const float *const *streams, size_t stream_count, size_t count, const ctl_tile *tiles,
    size_t tile_count, double *scratch, double *result) {
  total *totals = (total *)(void *)scratch;
  for (size_t t = 0; t < 6 * tile_count; t++) totals[t] = (total){0, 0};
  // Block by block, so that what a second tile reads still lies in the first cache.
  for (size_t start = 0; start < count; start += ctl_metrics_block) {
    size_t left = count - start;
    size_t length = left < ctl_metrics_block ? left : ctl_metrics_block;
    for (size_t t = 0; t < tile_count; t++) {
      ctl_tile tile = tiles[t];
      const float *x = streams[tile.x] + start, *y = streams[tile.y] + start;
      const float *z = streams[tile.z] + start;
      if (tile.is_triangle)
        triangle(x, y, z, length, totals + 6 * t);
      else
        star(x, y, z, length, totals + 6 * t);
    }
  }
  for (size_t t = 0; t < tile_count; t++) {
    ctl_tile tile = tiles[t];
    const total *of_tile = totals + 6 * t;
    set(result, stream_count, tile.x, tile.x, of_tile[0]);
    set(result, stream_count, tile.x, tile.y, of_tile[1]);
    set(result, stream_count, tile.x, tile.z, of_tile[2]);
    if (!tile.is_triangle) continue;
    set(result, stream_count, tile.y, tile.y, of_tile[3]);
    set(result, stream_count, tile.y, tile.z, of_tile[4]);
    set(result, stream_count, tile.z, tile.z, of_tile[5]);
  }
}

CTL_THREE_PATHS(
    void, gram,
    (const float *const *streams, size_t stream_count, size_t count, const ctl_tile *tiles,
     size_t tile_count, double *scratch, double *result),
    streams, stream_count, count, tiles, tile_count, scratch, result)

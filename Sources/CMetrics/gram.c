// Inner products of streams of binary32 in binary64.
//
// A product of two binary32 numbers is exact in binary64, subnormal ones included, so a fused
// multiply-add rounds exactly where a multiplication and an addition would.
#if defined(__clang__)
#pragma STDC FP_CONTRACT ON
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=fast")
#endif

#include "lanes.h"

#define TRIANGLE_STEP(half, a, b, c)                                                            \
  do {                                                                                          \
    doubles u = WIDENED(a), v = WIDENED(b), w = WIDENED(c);                                     \
    xx##half += u * u, xy##half += u * v, xz##half += u * w;                                    \
    yy##half += v * v, yz##half += v * w, zz##half += w * w;                                    \
  } while (0)

/// Adds the six products of a block of three streams: xx, xy, xz, yy, yz, zz.
CTL_INLINE void triangle(
    const float *x, const float *y, const float *z, size_t count, total *restrict totals) {
  doubles xx0 = {0}, xy0 = {0}, xz0 = {0}, yy0 = {0}, yz0 = {0}, zz0 = {0};
  doubles xx1 = {0}, xy1 = {0}, xz1 = {0}, yy1 = {0}, yz1 = {0}, zz1 = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    TRIANGLE_STEP(0, x + i, y + i, z + i);
    TRIANGLE_STEP(1, x + i + 4, y + i + 4, z + i + 4);
  }
  if (i < count) {
    float last[3][LANES];
    pad(last[0], x + i, count - i);
    pad(last[1], y + i, count - i);
    pad(last[2], z + i, count - i);
    TRIANGLE_STEP(0, last[0], last[1], last[2]);
    TRIANGLE_STEP(1, last[0] + 4, last[1] + 4, last[2] + 4);
  }
  ADD_LANES(&totals[0], xx0, xx1);
  ADD_LANES(&totals[1], xy0, xy1);
  ADD_LANES(&totals[2], xz0, xz1);
  ADD_LANES(&totals[3], yy0, yy1);
  ADD_LANES(&totals[4], yz0, yz1);
  ADD_LANES(&totals[5], zz0, zz1);
}

#define STAR_STEP(half, a, b, c)                                                                \
  do {                                                                                          \
    doubles u = WIDENED(a);                                                                     \
    xx##half += u * u, xy##half += u * WIDENED(b), xz##half += u * WIDENED(c);                  \
  } while (0)

/// Adds the products of a block of one stream with itself and two others: xx, xy, xz.
CTL_INLINE void star(
    const float *x, const float *y, const float *z, size_t count, total *restrict totals) {
  doubles xx0 = {0}, xy0 = {0}, xz0 = {0}, xx1 = {0}, xy1 = {0}, xz1 = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    STAR_STEP(0, x + i, y + i, z + i);
    STAR_STEP(1, x + i + 4, y + i + 4, z + i + 4);
  }
  if (i < count) {
    float last[3][LANES];
    pad(last[0], x + i, count - i);
    pad(last[1], y + i, count - i);
    pad(last[2], z + i, count - i);
    STAR_STEP(0, last[0], last[1], last[2]);
    STAR_STEP(1, last[0] + 4, last[1] + 4, last[2] + 4);
  }
  ADD_LANES(&totals[0], xx0, xx1);
  ADD_LANES(&totals[1], xy0, xy1);
  ADD_LANES(&totals[2], xz0, xz1);
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

CTL_TWO_PATHS(
    void, gram,
    (const float *const *streams, size_t stream_count, size_t count, const ctl_tile *tiles,
     size_t tile_count, double *scratch, double *result),
    streams, stream_count, count, tiles, tile_count, scratch, result)

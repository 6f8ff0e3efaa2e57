/* Streaming inflate, and the sum of CRC-32s of parts; the system's header, and what Swift can't
   import from it. */
#ifndef CTL_CZLIB_SHIM_H
#define CTL_CZLIB_SHIM_H

#include <zlib.h>

/* inflateInit2 is a macro. Negative bits: raw deflate without zlib's header, as zip stores it. */
static inline int ctl_inflate_raw_init(z_stream *stream) {
  return inflateInit2(stream, -MAX_WBITS);
}

#endif

#include "paths.h"

static _Thread_local bool portable_is_forced = false;

void ctl_metrics_force_portable(bool forced) { portable_is_forced = forced; }

#if CTL_HAS_AVX2
#include <stdatomic.h>

/// What the processor has: 1 for AVX2 and FMA, 2 for AVX-512 too, -1 for neither.
static int processor(void) {
  // Asking the processor costs hundreds of cycles, so the answer is kept: 0 means not asked yet.
  // Threads that ask at the same time get the same answer.
  static atomic_int answer = 0;
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known == 0) {
    __builtin_cpu_init();
    bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    known = !has_avx2 ? -1 : __builtin_cpu_supports("avx512f") ? 2 : 1;
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known;
}

bool ctl_metrics_uses_avx2(void) { return !portable_is_forced && processor() > 0; }
bool ctl_metrics_uses_avx512(void) { return !portable_is_forced && processor() > 1; }
#else
bool ctl_metrics_uses_avx2(void) { return false; }
bool ctl_metrics_uses_avx512(void) { return false; }
#endif

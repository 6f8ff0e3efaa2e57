#include "paths.h"

static _Thread_local bool portable_is_forced = false;

void ctl_force_portable(bool forced) { portable_is_forced = forced; }

#if CTL_HAS_AVX2
#include <stdatomic.h>

bool ctl_uses_avx2(void) {
  // Asking the processor costs hundreds of cycles, so the answer is kept: 0 means not asked yet.
  // Threads that ask at the same time get the same answer.
  static atomic_int answer = 0;
  int known = atomic_load_explicit(&answer, memory_order_relaxed);
  if (known == 0) {
    __builtin_cpu_init();
    bool has_all = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c") &&
                   __builtin_cpu_supports("fma");
    known = has_all ? 1 : -1;
    atomic_store_explicit(&answer, known, memory_order_relaxed);
  }
  return known > 0 && !portable_is_forced;
}
#else
bool ctl_uses_avx2(void) { return false; }
#endif

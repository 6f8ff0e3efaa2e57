// One source, two paths: a kernel's body is inlined into a function for each of them.
#ifndef CTL_METRICS_PATHS_H
#define CTL_METRICS_PATHS_H

#include "CMetrics.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CTL_HAS_AVX2 1
#define CTL_AVX2 __attribute__((target("avx2,fma")))
#define CTL_AVX512 __attribute__((target("avx2,fma,avx512f")))
#else
#define CTL_HAS_AVX2 0
#define CTL_AVX2
#define CTL_AVX512
#endif

#define CTL_INLINE static inline __attribute__((always_inline))

/// Defines `result ctl_name parameters` on both paths by `name(arguments)`.
#define CTL_TWO_PATHS(result, name, parameters, ...)                                            \
  CTL_AVX2 static result name##_avx2 parameters { return name(__VA_ARGS__); }                   \
  result ctl_##name parameters {                                                                \
    return ctl_metrics_uses_avx2() ? name##_avx2(__VA_ARGS__) : name(__VA_ARGS__);              \
  }

/// The same with a path for AVX-512.
#define CTL_THREE_PATHS(result, name, parameters, ...)                                          \
  CTL_AVX2 static result name##_avx2 parameters { return name(__VA_ARGS__); }                   \
  CTL_AVX512 static result name##_avx512 parameters { return name(__VA_ARGS__); }               \
  result ctl_##name parameters {                                                                \
    if (ctl_metrics_uses_avx512()) return name##_avx512(__VA_ARGS__);                           \
    return ctl_metrics_uses_avx2() ? name##_avx2(__VA_ARGS__) : name(__VA_ARGS__);              \
  }

#endif

// One source, two paths: a kernel's body is inlined into a function for each of them.
#ifndef CTL_PATHS_H
#define CTL_PATHS_H

#include "CKernels.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define CTL_HAS_AVX2 1
// Without fma: where the compiler may not use it, no expression can be contracted.
#define CTL_AVX2 __attribute__((target("avx2,f16c")))
// For kernels that ask for fused multiply-adds by name; others round each operation all the same,
// since contraction is off.
#define CTL_AVX2_FMA __attribute__((target("avx2,f16c,fma")))
#else
#define CTL_HAS_AVX2 0
#define CTL_AVX2
#define CTL_AVX2_FMA
#endif

#define CTL_INLINE static inline __attribute__((always_inline))

// Processors whose baseline has a fused multiply-add (arm64) must round each operation too. Clang
// knows the standard's way to say so, GCC its own.
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

/// Defines `result ctl_name parameters` on both paths by `name(avx2, arguments)`, where the constant
/// `avx2` says which one it is.
#define CTL_TWO_PATHS(result, name, parameters, ...)                                            \
  CTL_AVX2 static result name##_avx2 parameters { return name(CTL_HAS_AVX2, __VA_ARGS__); }     \
  result ctl_##name parameters {                                                                \
    return ctl_uses_avx2() ? name##_avx2(__VA_ARGS__) : name(false, __VA_ARGS__);               \
  }

/// The same for a kernel with fused multiply-adds. Where a machine has none, the portable path
/// calls the C library's: the same bits, slowly.
#define CTL_FMA_PATHS(result, name, parameters, ...)                                            \
  CTL_AVX2_FMA static result name##_avx2 parameters { return name(CTL_HAS_AVX2, __VA_ARGS__); } \
  result ctl_##name parameters {                                                                \
    return ctl_uses_avx2() ? name##_avx2(__VA_ARGS__) : name(false, __VA_ARGS__);               \
  }

#endif

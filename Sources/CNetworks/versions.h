// Loops compiled for several widths of vector.
#ifndef CTL_VERSIONS_H
#define CTL_VERSIONS_H

#define CTL_INLINE static inline __attribute__((always_inline))

// The loader picks the version for the processor.
#if defined(__x86_64__) && defined(__linux__) && defined(__clang__)
#define CTL_VERSIONS __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CTL_VERSIONS
#endif

#endif

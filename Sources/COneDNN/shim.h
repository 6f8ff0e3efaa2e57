/* oneDNN's C interface, and the threads that it computes on.
 *
 * Debian's oneDNN computes on GNU OpenMP, whose threads go on spinning for a while after a loop. Loops of
 * our own therefore run on the same threads: others would compete with the spinning ones.
 */
#ifndef CTL_CONEDNN_SHIM_H
#define CTL_CONEDNN_SHIM_H

#include <dnnl.h>
#include <stdbool.h>
#include <stddef.h>

/* From omp.h, which compilers without OpenMP don't ship. */
extern void omp_set_num_threads(int count);
extern int omp_get_thread_num(void);
extern int omp_get_num_threads(void);
extern int omp_get_max_threads(void);
/* The entry to a parallel region, as GCC calls it for `#pragma omp parallel`. */
extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);

#endif

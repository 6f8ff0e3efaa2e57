/* The C interfaces of LAPACK and BLAS: factorizations and products of dense matrices.
 *
 * Any implementation will do. tools/setup installs OpenBLAS without threads: what it gives depends on
 * the processor, but not on the number of threads, and our own threads may call it side by side.
 */
#ifndef CTL_CLAPACK_SHIM_H
#define CTL_CLAPACK_SHIM_H

#include <cblas.h>
#include <lapacke.h>

#endif

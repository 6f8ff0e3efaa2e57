// Dense linear algebra by LAPACK and BLAS, which are loaded when they are first asked for: most merges
// don't need them, and loading takes as long as a small merge.
#ifndef CTL_CLAPACK_H
#define CTL_CLAPACK_H

#include <stdbool.h>

/// Whether LAPACK was found; it is looked for at the first call. All other functions need it.
bool ctl_lapack_is_there(void);

/// `c += a b` for matrices in C order: a of `rows` x `inner`, b of `inner` x `columns`.
void ctl_multiply_add(
    int rows, int columns, int inner, const double *a, const double *b, double *c);

/// Cholesky's factor L of a = L L^T, in the lower triangle of a in C order; returns whether a is
/// positive definite.
bool ctl_factor_cholesky(int count, double *a);

/// Solves L x = b, or L^T x = b, for the lower triangle of l and `columns` right sides, in C order.
void ctl_solve_lower(int count, int columns, bool transposed, const double *l, double *b);

/// a = u s vt in Fortran's order, a of `rows` x `columns`, u of `rows` x k, vt of k x `columns`, k the
/// lesser of both; a is used up. Returns whether it converged (dgesdd) and there was memory for it.
bool ctl_decompose(int rows, int columns, double *a, double *s, double *u, double *vt);

#endif

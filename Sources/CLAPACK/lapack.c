// Fortran's interface is the one that every implementation has; lengths of its characters come last.
#include "CLAPACK.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

typedef void Multiply(
    const char *, const char *, const int *, const int *, const int *, const double *,
    const double *, const int *, const double *, const int *, const double *, double *,
    const int *, size_t, size_t);
typedef void Factor(const char *, const int *, double *, const int *, int *, size_t);
typedef void Solve(
    const char *, const char *, const char *, const char *, const int *, const int *,
    const double *, const double *, const int *, double *, const int *, size_t, size_t, size_t,
    size_t);
typedef void Decompose(
    const char *, const int *, const int *, double *, const int *, double *, double *, const int *,
    double *, const int *, double *, const int *, int *, int *, size_t);

static Multiply *multiply;
static Factor *factor;
static Solve *solve;
static Decompose *decompose;
static pthread_once_t once = PTHREAD_ONCE_INIT;

// OpenBLAS first: the reference implementation is many times slower.
static const char *const libraries[] = {
#ifdef __APPLE__
    "/System/Library/Frameworks/Accelerate.framework/Accelerate",
#else
    "libopenblas.so.0", "liblapack.so.3",
#endif
};

static void load(void) {
  // One thread, so that results don't depend on the number of cores.
  setenv("OPENBLAS_NUM_THREADS", "1", 0);
  for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
    void *library = dlopen(libraries[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) continue;
    multiply = (Multiply *)dlsym(library, "dgemm_");
    factor = (Factor *)dlsym(library, "dpotrf_");
    solve = (Solve *)dlsym(library, "dtrsm_");
    decompose = (Decompose *)dlsym(library, "dgesdd_");
    if (multiply && factor && solve && decompose) return;
  }
  decompose = NULL;
}

bool ctl_lapack_is_there(void) {
  pthread_once(&once, load);
  return decompose != NULL;
}

void ctl_multiply_add(
    int rows, int columns, int inner, const double *a, const double *b, double *c) {
  // What is in C order here is transposed there: c^T += b^T a^T.
  double one = 1;
  multiply("N", "N", &columns, &rows, &inner, &one, b, &columns, a, &inner, &one, c, &columns, 1, 1);
}

bool ctl_factor_cholesky(int count, double *a) {
  int status = 0;
  factor("U", &count, a, &count, &status, 1);
  return status == 0;
}

void ctl_solve_lower(int count, int columns, bool transposed, const double *l, double *b) {
  double one = 1;
  solve("R", "U", transposed ? "T" : "N", "N", &columns, &count, &one, l, &count, b, &columns, 1, 1,
        1, 1);
}

bool ctl_decompose(int rows, int columns, double *a, double *s, double *u, double *vt) {
  int rank = rows < columns ? rows : columns, status = 0, ask = -1;
  double size = 0;
  int *integers = malloc(8 * (size_t)rank * sizeof *integers);
  if (!integers) return false;
  decompose("S", &rows, &columns, a, &rows, s, u, &rows, vt, &rank, &size, &ask, integers, &status, 1);
  int length = status == 0 && size < 2147483647.0 ? (int)size : 0;
  double *work = length > 0 ? malloc((size_t)length * sizeof *work) : NULL;
  if (work) {
    decompose(
        "S", &rows, &columns, a, &rows, s, u, &rows, vt, &rank, work, &length, integers, &status, 1);
  } else {
    status = 1;
  }
  free(work);
  free(integers);
  return status == 0;
}

/// Sums over pairs of features.
#ifndef CTL_METRICS_H
#define CTL_METRICS_H
#include <stddef.h>
#endif

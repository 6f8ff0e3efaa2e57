/// Loops over features that oneDNN doesn't have.
#ifndef CTL_NETWORKS_H
#define CTL_NETWORKS_H
#include <stddef.h>
#endif

/* Whole-buffer inflate and deflate; the system's header as it is. */
#ifndef CTL_CDEFLATE_SHIM_H
#define CTL_CDEFLATE_SHIM_H

#include <libdeflate.h>

#endif

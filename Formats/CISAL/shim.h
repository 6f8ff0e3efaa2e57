/* CRC-32 at the speed of memory; the system's header as it is. */
#ifndef CTL_CISAL_SHIM_H
#define CTL_CISAL_SHIM_H

#include <isa-l/crc.h>

#endif

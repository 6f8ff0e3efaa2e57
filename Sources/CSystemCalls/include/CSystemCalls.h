/// System calls that the C library declares only as extensions, which Swift's importer doesn't see.
#ifndef CTL_SYSTEM_CALLS_H
#define CTL_SYSTEM_CALLS_H

#include <stdint.h>

/// Starts writing a range of a file to the disk and returns at once.
///
/// Linux's `sync_file_range` with `SYNC_FILE_RANGE_WRITE`; does nothing elsewhere.
///
/// @return 0, or -1 with `errno` set.
int ctl_start_writeback(int descriptor, int64_t offset, int64_t length);

#endif

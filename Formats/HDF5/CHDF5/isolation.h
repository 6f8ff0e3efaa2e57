/* What a worker gives up before it parses a file.
 *
 * The calls are variadic or have no wrapper in the C library, so Swift can't make them itself.
 * Everything here is best effort: a kernel without Landlock still has the other walls.
 */
#ifndef CTL_CHDF5_ISOLATION_H
#define CTL_CHDF5_ISOLATION_H

#include <errno.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>

/* linux/landlock.h may be older than the kernel, so the few numbers are stated here. */
enum {
  CTL_LANDLOCK_CREATE = 444,
  CTL_LANDLOCK_ADD_RULE = 445,
  CTL_LANDLOCK_RESTRICT = 446,
  CTL_CLOSE_RANGE = 436,
  CTL_LANDLOCK_VERSION_FLAG = 1,
  CTL_LANDLOCK_RULE_PATH_BENEATH = 1
};

struct ctl_landlock_ruleset {
  uint64_t files;
  uint64_t network;
};

struct ctl_landlock_path {
  uint64_t allowed;
  int32_t descriptor;
} __attribute__((packed));

/* Every right over files that a Landlock version knows: version 1 has 13, then one more each. */
static inline uint64_t ctl_landlock_file_rights(long version) {
  uint64_t rights = (UINT64_C(1) << 13) - 1;
  if (version >= 2) rights |= UINT64_C(1) << 13; /* refer */
  if (version >= 3) rights |= UINT64_C(1) << 14; /* truncate */
  if (version >= 5) rights |= UINT64_C(1) << 15; /* ioctl of devices */
  return rights;
}

/* Denies every path and the network, except re-opening the inherited files: `readable` descriptors
 * from 3 on, then `writable` ones. Returns 1 where Landlock is in force. */
static inline int ctl_deny_files(int readable, int writable) {
  const uint64_t write = UINT64_C(1) << 1, read = UINT64_C(1) << 2, truncate = UINT64_C(1) << 14;
  long version = syscall(CTL_LANDLOCK_CREATE, 0, 0, CTL_LANDLOCK_VERSION_FLAG);
  if (version < 1) return 0;
  struct ctl_landlock_ruleset rules = {ctl_landlock_file_rights(version), version >= 4 ? 3 : 0};
  long ruleset = syscall(
      CTL_LANDLOCK_CREATE, &rules, version >= 4 ? sizeof rules : sizeof rules.files, 0);
  if (ruleset < 0) return 0;
  for (int descriptor = 3; descriptor < 3 + readable + writable; descriptor++) {
    /* The rule is about this very file. A memory file has no place in the hierarchy: its rule is
     * refused, and none is needed. */
    uint64_t allowed = descriptor < 3 + readable ? read : read | write | truncate;
    struct ctl_landlock_path path = {allowed & rules.files, descriptor};
    (void)syscall(CTL_LANDLOCK_ADD_RULE, ruleset, CTL_LANDLOCK_RULE_PATH_BENEATH, &path, 0);
  }
  long result = syscall(CTL_LANDLOCK_RESTRICT, ruleset, 0);
  close((int)ruleset);
  return result == 0;
}

static inline void ctl_deny_privileges(void) {
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static inline void ctl_close_from(int first) {
  (void)syscall(CTL_CLOSE_RANGE, (unsigned)first, ~0U, 0);
}

#else

static inline int ctl_deny_files(int readable, int writable) {
  return (void)readable, (void)writable, 0;
}
static inline void ctl_deny_privileges(void) {}
static inline void ctl_close_from(int first) { (void)first; }

#endif

static inline void ctl_limit(int resource, uint64_t value) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return;
  if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value) limit.rlim_max = value;
  limit.rlim_cur = limit.rlim_max;
  (void)setrlimit(resource, &limit);
}

/* Bounds memory and processor time, writes no core file, closes what was inherited by accident,
 * and denies privileges and files. */
static inline int ctl_isolate(
    int readable, int writable, uint64_t memory_bytes, uint64_t cpu_seconds) {
  ctl_close_from(3 + readable + writable);
  ctl_limit(RLIMIT_AS, memory_bytes);
  ctl_limit(RLIMIT_CPU, cpu_seconds);
  ctl_limit(RLIMIT_CORE, 0);
  ctl_deny_privileges();
  return ctl_deny_files(readable, writable);
}

#endif

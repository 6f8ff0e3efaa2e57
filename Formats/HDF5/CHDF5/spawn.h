/* Starting a worker: posix_spawn's types differ between systems, and its arguments are pointers to
 * pointers, so the one call is made here.
 */
#ifndef CTL_CHDF5_SPAWN_H
#define CTL_CHDF5_SPAWN_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

/* Starts `path` with two arguments. Descriptor 0 becomes `channel`, 1 and 2 go nowhere, and
 * `files` become 3, 4, … . Returns an errno.
 *
 * The environment isn't inherited: libhdf5 obeys HDF5_* variables. What the dynamic linker needs
 * stays; Swift's crash reporter, which would take seconds, is off; and the marker keeps a program
 * that doesn't serve from starting itself without end.
 */
static inline int ctl_spawn(
    const char *path, const char *first, const char *second, int channel, const int *files,
    int count, pid_t *process) {
  static const char *const kept[] = {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"};
  char paths[2][4096];
  char *environment[5] = {(char *)"CTL_HDF5_WORKER=1", (char *)"SWIFT_BACKTRACE=enable=no"};
  int used = 2;
  for (int i = 0; i < 2; i++) {
    const char *value = getenv(kept[i]);
    if (value == NULL) continue;
    int length = snprintf(paths[i], sizeof paths[i], "%s=%s", kept[i], value);
    if (length > 0 && (size_t)length < sizeof paths[i]) environment[used++] = paths[i];
  }
  environment[used] = NULL;
  char *arguments[] = {(char *)path, (char *)first, (char *)second, NULL};

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int result = posix_spawn_file_actions_init(&actions);
  if (result != 0) return result;
  result = posix_spawnattr_init(&attributes);
  if (result != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return result;
  }
  sigset_t defaults, mask;
  sigemptyset(&mask);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGINT);
  sigaddset(&defaults, SIGTERM);
  sigaddset(&defaults, SIGHUP);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &mask);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_adddup2(&actions, channel, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  for (int i = 0; i < count; i++) posix_spawn_file_actions_adddup2(&actions, files[i], 3 + i);
  result = posix_spawn(process, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

/* A copy of a descriptor that no dup2 of ctl_spawn overwrites and no other program inherits. */
static inline int ctl_high_copy(int descriptor) {
  return fcntl(descriptor, F_DUPFD_CLOEXEC, 64);
}

/* Two ends of a channel, both above what ctl_spawn overwrites. */
static inline int ctl_channel(int ends[2]) {
  int low[2];
#ifdef SOCK_CLOEXEC
  const int type = SOCK_STREAM | SOCK_CLOEXEC;
#else
  const int type = SOCK_STREAM;
#endif
  if (socketpair(AF_UNIX, type, 0, low) != 0) return errno;
  for (int i = 0; i < 2; i++) {
    ends[i] = ctl_high_copy(low[i]);
    if (ends[i] < 0) {
      int reason = errno;
      close(low[0]);
      close(low[1]);
      if (i == 1) close(ends[0]);
      return reason;
    }
  }
  close(low[0]);
  close(low[1]);
  return 0;
}

/* Sends without SIGPIPE where the worker has died. */
static inline ssize_t ctl_send(int channel, const void *bytes, size_t count) {
#ifdef MSG_NOSIGNAL
  return send(channel, bytes, count, MSG_NOSIGNAL);
#else
  return send(channel, bytes, count, 0);
#endif
}

#endif

// The input and output of averaging checkpoints, and nothing else: what the machine allows.
//
// Reads k files in blocks, writes the mean of their bytes taken as float32 to a new file. No format
// is parsed, so headers are averaged too and the result is of no use; its cost is what matters. A
// merge of the same files has to move the same bytes and cannot do better than this by much.
//
//   io-limit [-t THREADS] [-b BLOCK_KIB] [-s] OUTPUT INPUT...
//
// The pattern is the one found fastest on Linux: a new sibling of OUTPUT, preallocated (parallel
// writes into a file that has to grow wait for each other), positioned reads into a few reused
// buffers (fresh pages cost as much as writing them), positioned writes, rename.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_THREADS = 256, MAX_BLOCK_KIB = 1 << 20, ALIGNMENT = 4096 };

/// What the threads share; only `next` changes once they run.
static struct {
  const char **paths;
  int *inputs;
  size_t count;
  int output;
  size_t size;
  size_t block;
  atomic_size_t next;
  char temporary[4096];
} job;

/// Says what went wrong, removes the unfinished output and ends the process.
static void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("io-limit: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  if (job.temporary[0]) unlink(job.temporary);
  exit(1);
}

/// Reads exactly `size` bytes at `offset`; a short read is asked again, an end of file is an error.
static void read_fully(size_t input, char *bytes, size_t size, size_t offset) {
  while (size > 0) {
    ssize_t got = pread(job.inputs[input], bytes, size, (off_t)offset);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("%s: %s", job.paths[input], strerror(errno));
    if (got == 0) fail("%s: became shorter while it was read", job.paths[input]);
    bytes += got, size -= (size_t)got, offset += (size_t)got;
  }
}

/// Writes exactly `size` bytes at `offset`.
static void write_fully(const char *bytes, size_t size, size_t offset) {
  while (size > 0) {
    ssize_t put = pwrite(job.output, bytes, size, (off_t)offset);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) fail("%s: %s", job.temporary, strerror(errno));
    bytes += put, size -= (size_t)put, offset += (size_t)put;
  }
}

static void add(float *restrict sum, const float *restrict term, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += term[i];
}

static void scale(float *values, float factor, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] *= factor;
}

static void *aligned_buffer(size_t size) {
  size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  void *buffer = aligned_alloc(ALIGNMENT, rounded);
  if (!buffer) fail("no memory for a buffer of %zu bytes", rounded);
  return buffer;
}

/// Takes blocks until none is left. Two buffers serve any number of inputs, so that they stay in
/// the cache: the running sum, and the block that is added to it.
static void *average_blocks(void *unused) {
  (void)unused;
  char *sum = aligned_buffer(job.block);
  char *term = aligned_buffer(job.block);
  for (;;) {
    size_t offset = atomic_fetch_add(&job.next, job.block);
    if (offset >= job.size) break;
    size_t size = job.size - offset < job.block ? job.size - offset : job.block;
    size_t floats = size / sizeof(float);
    read_fully(0, sum, size, offset);
    for (size_t input = 1; input < job.count; input++) {
      read_fully(input, term, size, offset);
      add((float *)sum, (const float *)term, floats);
    }
    if (job.count > 1) scale((float *)sum, 1.0f / (float)job.count, floats);
    write_fully(sum, size, offset);
  }
  free(sum);
  free(term);
  return NULL;
}

static void open_inputs(void) {
  job.inputs = calloc(job.count, sizeof *job.inputs);
  if (!job.inputs) fail("no memory for %zu inputs", job.count);
  for (size_t i = 0; i < job.count; i++) {
    struct stat status;
    job.inputs[i] = open(job.paths[i], O_RDONLY | O_CLOEXEC);
    if (job.inputs[i] < 0 || fstat(job.inputs[i], &status) != 0)
      fail("%s: %s", job.paths[i], strerror(errno));
    if (i == 0) job.size = (size_t)status.st_size;
    if ((size_t)status.st_size < job.size)
      fail("%s: is shorter than %s", job.paths[i], job.paths[0]);
  }
}

static void create_output(const char *path) {
  int length = snprintf(job.temporary, sizeof job.temporary, "%s.io-limit", path);
  if (length < 0 || (size_t)length >= sizeof job.temporary) {
    job.temporary[0] = 0;
    fail("%s: the path is too long", path);
  }
  unlink(job.temporary);
  job.output = open(job.temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (job.output < 0) fail("%s: %s", job.temporary, strerror(errno));
  int error = EOPNOTSUPP;
#ifdef __linux__
  if (job.size > 0) error = posix_fallocate(job.output, 0, (off_t)job.size);
#endif
  // Some file systems cannot preallocate; setting the size is then the best there is.
  if (error == EOPNOTSUPP || error == EINVAL)
    error = ftruncate(job.output, (off_t)job.size) == 0 ? 0 : errno;
  if (error) fail("%s: %zu bytes: %s", job.temporary, job.size, strerror(error));
}

static long number(const char *option, const char *text, long largest) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || end == text || value < 1 || value > largest)
    fail("%s %s: give a whole number from 1 to %ld", option, text, largest);
  return value;
}

static void run_threads(long count) {
  pthread_t threads[MAX_THREADS];
  for (long i = 1; i < count; i++) {
    int error = pthread_create(&threads[i], NULL, average_blocks, NULL);
    if (error) fail("no thread: %s", strerror(error));
  }
  average_blocks(NULL);
  for (long i = 1; i < count; i++) pthread_join(threads[i], NULL);
}

int main(int argc, char **argv) {
  long cores = sysconf(_SC_NPROCESSORS_ONLN);
  long threads = cores < 1 ? 1 : cores < MAX_THREADS ? cores : MAX_THREADS;
  long block_kib = 1024;
  int durable = 0;
  for (int option; (option = getopt(argc, argv, "t:b:s")) != -1;) {
    if (option == 't') threads = number("-t", optarg, MAX_THREADS);
    else if (option == 'b') block_kib = number("-b", optarg, MAX_BLOCK_KIB);
    else if (option == 's') durable = 1;
    else return 64;
  }
  if (argc - optind < 2) {
    fputs("usage: io-limit [-t THREADS] [-b BLOCK_KIB] [-s] OUTPUT INPUT...\n"
          "  -t  threads (default: the cores)   -b  block size in KiB (default 1024)\n"
          "  -s  make the output durable (fsync) before it gets its name\n", stderr);
    return 64;
  }
  const char *output = argv[optind];
  job.paths = (const char **)argv + optind + 1;
  job.count = (size_t)(argc - optind - 1);
  job.block = (size_t)block_kib << 10;
  open_inputs();
  create_output(output);
  run_threads(threads);
  if (durable && fsync(job.output) != 0) fail("%s: %s", job.temporary, strerror(errno));
  if (close(job.output) != 0) fail("%s: %s", job.temporary, strerror(errno));
  if (rename(job.temporary, output) != 0) fail("%s: %s", output, strerror(errno));
  return 0;
}

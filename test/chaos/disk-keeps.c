/*
 * What a disk keeps when the power goes: loaded into the gateway with LD_PRELOAD, this copies every file of CHAOS_DATA to CHAOS_KEPT, but
 * only what was fsynced and only at that moment. A gateway that starts from CHAOS_KEPT has lost everything else.
 *
 * Writes are remembered as ranges; fsync and fdatasync copy the ranges. The worst case is kept: nothing that was not asked for has
 * reached the disk by itself. Creating and removing a file counts as durable at once (no directory is watched), and so does a rename.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define FILES 64
#define RANGES 65536

struct range { off_t from, to; };
struct file { char name[PATH_MAX]; struct range *ranges; int count; };

static struct file files[FILES];
static int file_count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

/* The path below CHAOS_DATA of an open file; null when it lies elsewhere. */
static const char *inside(int fd, char *path) {
  const char *data = getenv("CHAOS_DATA");
  char link[64];
  if (!data || fd < 3) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  size_t prefix = strlen(data);
  return strncmp(path, data, prefix) == 0 && path[prefix] == '/' ? path + prefix + 1 : NULL;
}

static struct file *known(const char *name) {
  for (int i = 0; i < file_count; i++) if (strcmp(files[i].name, name) == 0) return &files[i];
  if (file_count == FILES) abort();
  struct file *file = &files[file_count++];
  strcpy(file->name, name);
  file->ranges = malloc(RANGES * sizeof(struct range));
  return file;
}

static void note(int fd, off_t from, off_t to) {
  int saved = errno;
  char path[PATH_MAX];
  const char *name = inside(fd, path);
  if (name) {
    pthread_mutex_lock(&lock);
    struct file *file = known(name);
    if (file->count > 0 && file->ranges[file->count - 1].to == from) file->ranges[file->count - 1].to = to;
    else {
      if (file->count == RANGES) abort();
      file->ranges[file->count++] = (struct range){from, to};
    }
    pthread_mutex_unlock(&lock);
  }
  errno = saved;
}

static ssize_t real_pwrite(int fd, const void *bytes, size_t count, off_t at) {
  REAL(pwrite64);
  return real(fd, bytes, count, at);
}

static void keep(int fd) {
  int saved = errno;
  char path[PATH_MAX], target[2 * PATH_MAX], buffer[65536];
  const char *name = inside(fd, path), *kept = getenv("CHAOS_KEPT");
  struct stat now;
  if (name && kept && fstat(fd, &now) == 0) {
    pthread_mutex_lock(&lock);
    struct file *file = known(name);
    snprintf(target, sizeof target, "%s/%s", kept, name);
    int source = open(path, O_RDONLY | O_CLOEXEC), copy = open(target, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (source < 0 || copy < 0) abort();
    for (int i = 0; i < file->count; i++) {
      for (off_t at = file->ranges[i].from; at < file->ranges[i].to;) {
        size_t want = sizeof buffer;
        if ((off_t)want > file->ranges[i].to - at) want = file->ranges[i].to - at;
        ssize_t got = pread(source, buffer, want, at);
        if (got <= 0) break; /* cut off since */
        if (real_pwrite(copy, buffer, got, at) != got) abort();
        at += got;
      }
    }
    static int (*cut)(int, off_t);
    if (!cut) cut = (int (*)(int, off_t))dlsym(RTLD_NEXT, "ftruncate64");
    if (cut(copy, now.st_size) != 0) abort();
    file->count = 0;
    close(source);
    close(copy);
    pthread_mutex_unlock(&lock);
  }
  errno = saved;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  ssize_t done = real_pwrite(fd, bytes, count, at);
  if (done > 0) note(fd, at, at + done);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  return pwrite64(fd, bytes, count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  ssize_t done = real(fd, bytes, count);
  if (done > 0 && fd > 2) {
    char path[PATH_MAX];
    int saved = errno;
    if (inside(fd, path)) {
      off_t at = lseek(fd, 0, SEEK_CUR);
      if (at >= done) note(fd, at - done, at);
    }
    errno = saved;
  }
  return done;
}

/* Cutting a file is lost with the power, too: only its next fsync says how long it is. */
int fsync(int fd) {
  REAL(fsync);
  int done = real(fd);
  if (done == 0) keep(fd);
  return done;
}

int fdatasync(int fd) {
  REAL(fdatasync);
  int done = real(fd);
  if (done == 0) keep(fd);
  return done;
}

/* The twin of a path, or 0 when it lies elsewhere. */
static int twin(const char *path, char *target) {
  const char *data = getenv("CHAOS_DATA"), *kept = getenv("CHAOS_KEPT");
  size_t prefix = data ? strlen(data) : 0;
  if (!data || !kept || strncmp(path, data, prefix) != 0 || path[prefix] != '/') return 0;
  snprintf(target, 2 * PATH_MAX, "%s/%s", kept, path + prefix + 1);
  return 1;
}

int unlink(const char *path) {
  REAL(unlink);
  char target[2 * PATH_MAX];
  int done = real(path);
  if (done == 0 && twin(path, target)) {
    real(target);
    pthread_mutex_lock(&lock);
    known(path + strlen(getenv("CHAOS_DATA")) + 1)->count = 0;
    pthread_mutex_unlock(&lock);
  }
  return done;
}

int rename(const char *from, const char *to) {
  REAL(rename);
  char source[2 * PATH_MAX], target[2 * PATH_MAX];
  int done = real(from, to);
  if (done == 0 && twin(from, source) && twin(to, target)) real(source, target);
  return done;
}

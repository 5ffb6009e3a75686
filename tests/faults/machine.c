/* A machine whose disk and clock can fail, laid under one process with LD_PRELOAD. `machine.py` reads what it records.
 *
 * MACHINE_FOLDER   the folder whose files are watched
 * MACHINE_JOURNAL  where every change to them is recorded, in order (`Record`, the file's name, the bytes)
 * MACHINE_FAULTS   a `Faults`, changed by others while this runs
 *
 * SQLite's index of the WAL (-shm) is not recorded: it is mapped memory, and SQLite builds it anew.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { FILES = 1 << 16, CREATE = 'c', UNLINK = 'u', WRITE = 'w', TRUNCATE = 't', SYNC = 's', SYNC_FOLDER = 'd', FAILED_SYNC = 'f' };

typedef struct { uint32_t what, name_size, size, none; int64_t at; } Record;
typedef volatile struct {
    int32_t full;       /* 1: files cannot grow; 2: nothing can be written (both ENOSPC) */
    int32_t bad_write;  /* writing fails with EIO */
    int32_t bad_sync;   /* fsync fails with EIO */
    int32_t slow_sync;  /* microseconds that fsync takes longer */
    int64_t clock;      /* nanoseconds by which the wall clock is wrong */
} Faults;

static Faults nothing;
static Faults *faults = &nothing;
static const char *folder;
static size_t folder_size;
static int journal = -1;
static char *names[FILES]; /* by descriptor: the watched file's name, "" for the folder itself */
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static ssize_t (*real_write)(int, const void *, size_t);
static int (*real_truncate)(int, off64_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_unlink)(const char *);
static int (*real_gettime)(clockid_t, struct timespec *);

/* Not a constructor: those of other libraries may open files before. */
static void begin(void) {
    real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    real_open = dlsym(RTLD_NEXT, "open64");
    real_close = dlsym(RTLD_NEXT, "close");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_write = dlsym(RTLD_NEXT, "write");
    real_truncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    const char *at = getenv("MACHINE_FAULTS"), *log = getenv("MACHINE_JOURNAL");
    folder = getenv("MACHINE_FOLDER");
    if (!at || !log || !folder) abort();
    folder_size = strlen(folder);
    int file = real_open(at, O_RDONLY);
    void *mapped = mmap(NULL, sizeof(Faults), PROT_READ, MAP_SHARED, file, 0);
    journal = real_open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (mapped == MAP_FAILED || journal < 0) abort();
    faults = mapped;
    real_close(file);
}

/* The name of a watched file, "" for the folder, NULL for anything else. */
static const char *name_in(const char *path) {
    if (!real_open) begin();
    if (strncmp(path, folder, folder_size)) return NULL;
    if (!path[folder_size]) return path + folder_size;
    return path[folder_size] == '/' ? path + folder_size + 1 : NULL;
}

static const char *watched(int fd) {
    if (!real_open) begin();
    return fd >= 0 && fd < FILES ? names[fd] : NULL;
}

static int recorded(const char *name) {
    size_t size = strlen(name);
    return size < 4 || strcmp(name + size - 4, "-shm");
}

static void record(uint32_t what, const char *name, const void *bytes, size_t size, int64_t at) {
    if (!recorded(name)) return;
    Record head = {what, strlen(name), size, 0, at};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name_size}, {(void *)bytes, size}};
    if (writev(journal, parts, 3) != (ssize_t)(sizeof head + head.name_size + size)) abort();
}

static int fail(int error) {
    errno = error;
    return -1;
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    const char *name = name_in(path);
    if (!name) return real_open(path, flags, mode);
    pthread_mutex_lock(&turn);
    int made = flags & O_CREAT && access(path, F_OK);
    int fd = made && faults->full ? fail(ENOSPC) : real_open(path, flags, mode);
    if (fd >= 0 && fd < FILES) {
        free(names[fd]);
        names[fd] = strdup(name);
        if (made) record(CREATE, name, NULL, 0, 0);
        if (flags & O_TRUNC) record(TRUNCATE, name, NULL, 0, 0);
    }
    pthread_mutex_unlock(&turn);
    return fd;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return open64(path, flags, mode);
}

int close(int fd) {
    if (watched(fd)) {
        free(names[fd]);
        names[fd] = NULL;
    }
    return real_close(fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    const char *name = watched(fd);
    if (!name) return real_pwrite(fd, bytes, size, at);
    pthread_mutex_lock(&turn);
    struct stat64 now;
    ssize_t done;
    if (faults->bad_write)
        done = fail(EIO);
    else if (faults->full && (faults->full > 1 || fstat64(fd, &now) || at + (off64_t)size > now.st_size))
        done = fail(ENOSPC);
    else if ((done = real_pwrite(fd, bytes, size, at)) > 0)
        record(WRITE, name, bytes, done, at);
    pthread_mutex_unlock(&turn);
    return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) { return pwrite64(fd, bytes, size, at); }

ssize_t write(int fd, const void *bytes, size_t size) {
    return watched(fd) ? pwrite64(fd, bytes, size, lseek64(fd, 0, SEEK_CUR)) : real_write(fd, bytes, size);
}

int ftruncate64(int fd, off64_t size) {
    const char *name = watched(fd);
    if (!name) return real_truncate(fd, size);
    pthread_mutex_lock(&turn);
    int done = faults->bad_write ? fail(EIO) : real_truncate(fd, size);
    if (!done) record(TRUNCATE, name, NULL, 0, size);
    pthread_mutex_unlock(&turn);
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_by(int (*real)(int), int fd) {
    const char *name = watched(fd);
    if (!name) return real(fd);
    pthread_mutex_lock(&turn);
    if (faults->slow_sync) usleep(faults->slow_sync);
    int done = faults->bad_sync ? fail(EIO) : real(fd);
    record(done ? FAILED_SYNC : *name ? SYNC : SYNC_FOLDER, name, NULL, 0, 0);
    pthread_mutex_unlock(&turn);
    return done;
}

int fsync(int fd) { return sync_by(real_fsync, fd); }

int fdatasync(int fd) { return sync_by(real_fdatasync, fd); }

int unlink(const char *path) {
    const char *name = name_in(path);
    if (!name) return real_unlink(path);
    pthread_mutex_lock(&turn);
    int done = real_unlink(path);
    if (!done) record(UNLINK, name, NULL, 0, 0);
    pthread_mutex_unlock(&turn);
    return done;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    if (!real_open) begin();
    int done = real_gettime(clock, now);
    if (!done && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t wrong = now->tv_sec * 1000000000LL + now->tv_nsec + faults->clock;
        now->tv_sec = wrong / 1000000000LL;
        now->tv_nsec = wrong % 1000000000LL;
    }
    return done;
}

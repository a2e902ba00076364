/* A device that fails: from the call of number SAYSO_FAILS_AT on, writing to, flushing or reading (SAYSO_FAILS) files of a ledger answers
   EIO; with SAYSO_FAILS_ONCE only that call does. Loaded before a program with LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int fails(int file, const char *what) {
    static long calls;
    char link[64], path[4096];
    const char *wanted = getenv("SAYSO_FAILS"), *at = getenv("SAYSO_FAILS_AT");
    if (!wanted || !at || strcmp(wanted, what)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    if (!strstr(path, "/sayso.db")) return 0;
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (number < atol(at) || (getenv("SAYSO_FAILS_ONCE") && number > atol(at))) return 0;
    errno = EIO;
    return 1;
}

#define OURS(result, name, what, args, call)                        \
    result name args {                                              \
        static result (*real) args;                                 \
        if (fails(file, what)) return -1;                           \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);       \
        return real call;                                           \
    }

OURS(ssize_t, write, "write", (int file, const void *bytes, size_t length), (file, bytes, length))
OURS(ssize_t, pwrite, "write", (int file, const void *bytes, size_t length, off_t at), (file, bytes, length, at))
OURS(ssize_t, pwrite64, "write", (int file, const void *bytes, size_t length, off64_t at), (file, bytes, length, at))
OURS(int, ftruncate, "write", (int file, off_t length), (file, length))
OURS(int, ftruncate64, "write", (int file, off64_t length), (file, length))
OURS(int, fsync, "flush", (int file), (file))
OURS(int, fdatasync, "flush", (int file), (file))
OURS(ssize_t, read, "read", (int file, void *bytes, size_t length), (file, bytes, length))
OURS(ssize_t, pread, "read", (int file, void *bytes, size_t length, off_t at), (file, bytes, length, at))
OURS(ssize_t, pread64, "read", (int file, void *bytes, size_t length, off64_t at), (file, bytes, length, at))

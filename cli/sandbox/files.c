/* SPDX-License-Identifier: MIT */
/*
 * files.c - which files may still be opened (Landlock, Linux 5.13 and newer).
 *
 * In: paths. Out: a process that can open for reading what is at or beneath them, and what iconv(3) loads when a
 * charset first occurs; it can open nothing for writing, change no folder, connect nowhere and signal nobody outside,
 * as far as the kernel's version supports this. Open files stay open. Refused: nothing; a path that does not exist, or
 * is a pipe, is skipped.
 *
 * The numbers are written out, because the kernel headers of the build machine may be older than the kernel in use.
 */
#define _GNU_SOURCE 1 /* O_PATH, syscall() */
#include "sandbox/files.h"

#ifdef __linux__

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* These calls are recent enough to have the same number on all processors. */
enum { CREATE_RULESET = 444, ADD_RULE = 445, RESTRICT_SELF = 446 };
enum { VERSION_FLAG = 1, RULE_PATH_BENEATH = 1 };

enum { READ_FILE = 1 << 2, READ_FOLDER = 1 << 3 };
/* The access rights that each version of the kernel's interface knows, from version 1 on. */
static const uint64_t rights_of_version[] = {(1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1};
enum { VERSIONS = sizeof rights_of_version / sizeof *rights_of_version };
enum { VERSION_WITH_NETWORK = 4, VERSION_WITH_SCOPES = 6 };

struct ruleset {
    uint64_t files;   /* forbidden unless a rule allows it */
    uint64_t network; /* bind, connect */
    uint64_t scopes;  /* abstract sockets, signals */
};

/* The kernel's layout: 12 bytes. */
struct path_rule {
    uint64_t allowed;
    int32_t folder;
} __attribute__((packed));

static void allow(int ruleset, const char *path)
{
    struct stat st;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return;
    struct path_rule rule = {.allowed = READ_FILE, .folder = fd};
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        rule.allowed |= READ_FOLDER;
    syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
    close(fd);
}

/* Allows the paths in a list separated by colons. */
static void allow_list(int ruleset, const char *list)
{
    char path[4096];
    while (list && *list) {
        size_t n = strcspn(list, ":");
        if (n > 0 && n < sizeof path) {
            memcpy(path, list, n);
            path[n] = '\0';
            allow(ruleset, path);
        }
        list += n + (list[n] == ':');
    }
}

/* What the C library loads late: charset converters and the libraries that they need; and the time zone, which GMime
 * looks up when it starts. */
static void allow_library_files(int ruleset)
{
    static const char *const paths[] = {"/lib",       "/lib64",         "/usr/lib",
                                        "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache",
                                        "/dev/null",  "/etc/localtime", "/usr/share/zoneinfo",
                                        NULL};
    for (const char *const *path = paths; *path; path++)
        allow(ruleset, *path);
    allow_list(ruleset, getenv("GCONV_PATH"));
    allow_list(ruleset, getenv("LD_LIBRARY_PATH"));
}

static int make_ruleset(void)
{
    long version = syscall(CREATE_RULESET, NULL, 0, VERSION_FLAG);
    if (version < 1)
        return -1;
    struct ruleset r = {.files = rights_of_version[version < VERSIONS ? version - 1 : VERSIONS - 1]};
    size_t n = sizeof r.files;
    if (version >= VERSION_WITH_NETWORK) {
        r.network = 3;
        n = sizeof r.files + sizeof r.network;
    }
    if (version >= VERSION_WITH_SCOPES) {
        r.scopes = 3;
        n = sizeof r;
    }
    return (int)syscall(CREATE_RULESET, &r, n, 0);
}

static void allow_input(int ruleset, const char *path, bool neighbours)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash + 1 - path) : 1;
    allow(ruleset, path);
    if (!neighbours || n >= sizeof folder)
        return;
    memcpy(folder, slash ? path : ".", n);
    folder[n] = '\0';
    allow(ruleset, folder);
}

bool files_restrict(const char *const *readable, size_t count, bool neighbours)
{
    int ruleset = make_ruleset();
    if (ruleset < 0)
        return false;
    allow_library_files(ruleset);
    for (size_t i = 0; i < count; i++)
        allow_input(ruleset, readable[i], neighbours);
    bool done = syscall(RESTRICT_SELF, ruleset, 0) == 0;
    close(ruleset);
    return done;
}

#else

bool files_restrict(const char *const *readable, size_t count, bool neighbours)
{
    (void)readable;
    (void)count;
    (void)neighbours;
    return false;
}

#endif

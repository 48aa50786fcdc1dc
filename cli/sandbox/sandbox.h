/* SPDX-License-Identifier: MIT */
/* sandbox.h - what the program gives up before it reads mail; doc/security.md lists what is left. */
#ifndef CLI_SANDBOX_SANDBOX_H
#define CLI_SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

struct sandbox {
    const char *const *readable; /* files and folders that are opened later */
    size_t readable_count;
    bool makes_code; /* PCRE2's just-in-time compiler needs memory that is both writable and executable */
    bool neighbours; /* also allow files next to the readable ones: what a log is rotated to */
};

/* What took effect: a kernel may support both, one or none. */
enum { SANDBOX_FILES = 1, SANDBOX_CALLS = 2 };

/* It cannot be undone, and children inherit it. Returns what took effect. */
unsigned sandbox_enter(const struct sandbox *s);
/* What a worker needs, besides the standard descriptors. */
struct worker_needs {
    int socket;
    int input;        /* -1: none is open */
    bool opens_files; /* the inputs, like the program */
};
/* For a worker, which starts no process and keeps no other descriptor. */
unsigned sandbox_enter_worker(const struct sandbox *s, const struct worker_needs *needs);

#endif

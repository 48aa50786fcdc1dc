/* SPDX-License-Identifier: MIT */
/* guarded.h - bytes after which any read faults, for tests of code that looks at many bytes at once. */
#ifndef GUARDED_H
#define GUARDED_H

#include <criterion/criterion.h>
#include <sys/mman.h>
#include <unistd.h>

/* n bytes that end at a page without access, n at most a page. The next call returns the same memory. */
static inline char *guarded_bytes(size_t n)
{
    static char *guard;
    if (!guard) {
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        cr_assert_neq(map, MAP_FAILED);
        cr_assert_eq(mprotect(map + page, page, PROT_NONE), 0);
        guard = map + page;
    }
    return guard - n;
}

#endif

/* SPDX-License-Identifier: MIT */
/* library.h - shared libraries that are loaded by name when they are first needed. */
#ifndef BOUNCE_BASE_LIBRARY_H
#define BOUNCE_BASE_LIBRARY_H

#include <stddef.h>

/* A function of a library, and the pointer to a function that it is stored in. */
struct library_symbol {
    const char *name;
    void *where;
};

/* The library of that name ("libz.so.1"), and its functions where they are wanted. NULL if it or one of them is
 * missing. */
void *library_open(const char *name, const struct library_symbol *symbols, size_t count);
void library_close(void *library); /* NULL: nothing */

#endif

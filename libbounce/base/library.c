/* SPDX-License-Identifier: MIT */
/*
 * library.c - see library.h.
 *
 * In: the name of a shared library, and those of its functions. Out: where they are. Refused: a library that cannot be
 * loaded or that lacks one of them.
 */
#include "base/library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

static bool find_symbols(void *library, const struct library_symbol *symbols, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        void *found = dlsym(library, symbols[i].name);
        if (!found)
            return false;
        memcpy(symbols[i].where, &found, sizeof found);
    }
    return true;
}

void *library_open(const char *name, const struct library_symbol *symbols, size_t count)
{
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library || find_symbols(library, symbols, count))
        return library;
    dlclose(library);
    return NULL;
}

void library_close(void *library)
{
    if (library)
        dlclose(library);
}

/* SPDX-License-Identifier: MIT */
/*
 * libpq.c - the functions of libpq that are used, loaded by name.
 *
 * In: nothing. Out: libpq's functions. Refused: a system without libpq.so.5, or with one that has no pipelines. It
 * loads eighteen other libraries, which takes longer than a query to a ledger in a file; users of files do not pay for
 * that.
 */
#include "db/libpq.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool find_functions(void *library, struct libpq *pq)
{
    static const struct {
        const char *name;
        size_t member;
    } wanted[] = {
#define LIBPQ_ROW(name) {#name, offsetof(struct libpq, name)},
        LIBPQ_FUNCTIONS(LIBPQ_ROW)
#undef LIBPQ_ROW
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        void *found = dlsym(library, wanted[i].name);
        if (!found)
            return false;
        memcpy((char *)pq + wanted[i].member, &found, sizeof found);
    }
    return true;
}

const struct libpq *libpq_load(void)
{
    static struct libpq functions;
    static bool loaded;
    void *library = loaded ? NULL : dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    loaded = loaded || (library && find_functions(library, &functions));
    return loaded ? &functions : NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * scratch.c - the memory in which jansson keeps one line.
 *
 * In: how much memory is wanted. Out: the next piece of a block that is used anew for each line: taking
 * apart a line of JSON is a hundred small pieces, all gone at its end. What does not fit comes from malloc().
 * Refused: nothing.
 */
#include "lines/scratch.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>

enum { SCRATCH_BYTES = 1 << 20, ALIGNED = 16 };

static _Alignas(ALIGNED) char scratch[SCRATCH_BYTES];
static size_t scratch_used;

static bool is_inside(const void *p)
{
    return (const char *)p >= scratch && (const char *)p < scratch + SCRATCH_BYTES;
}

static void *take(size_t size)
{
    size_t room = SCRATCH_BYTES - scratch_used;
    if (room < ALIGNED || size > room - ALIGNED)
        return malloc(size);
    void *p = scratch + scratch_used;
    scratch_used += (size + ALIGNED - 1) / ALIGNED * ALIGNED;
    return p;
}

static void give_back(void *p)
{
    if (!is_inside(p))
        free(p);
}

void scratch_begin(void)
{
    json_set_alloc_funcs(take, give_back);
}

void scratch_reset(void)
{
    scratch_used = 0;
}

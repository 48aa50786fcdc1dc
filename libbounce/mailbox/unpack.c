/* SPDX-License-Identifier: MIT */
/*
 * unpack.c - a compressed input, read like a plain one.
 *
 * In: its bytes, and their format. Out: what they unpack to. Memory is that of one member and a block of input, however
 * much comes out. Consecutive members are one input, and zeros after the last one are skipped, as by gzip(1). Refused,
 * after everything before it was returned: data that are broken, truncated, or need too much memory, and bytes after
 * the last member; the message says at which byte of the input.
 */
#include "mailbox/packing.h"

#include "base/limits.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

struct unpack {
    const struct packing *packing;
    unpack_read_fn *read;
    void *data;
    unsigned char *buffer; /* of the input; NULL: it is in memory */
    size_t capacity;
    const unsigned char *at;
    size_t left;    /* bytes from at on */
    uint64_t taken; /* bytes of the input before at */
    void *state;    /* of the library */
    bool begun;     /* a member is open */
    bool done;
    char wrong[UNPACK_WRONG_BYTES];
};

struct unpack *unpack_new(const struct packing *p, const unsigned char *bytes, size_t n, unpack_read_fn *read,
                          void *data)
{
    struct unpack *u = g_new0(struct unpack, 1);
    *u = (struct unpack){.packing = p, .read = read, .data = data, .at = bytes, .left = n};
    u->state = g_malloc0(p->state_bytes);
    if (!read)
        return u;
    u->capacity = MAX(n, LIMIT_UNPACK_BLOCK_BYTES);
    u->buffer = g_malloc(u->capacity);
    if (n)
        memcpy(u->buffer, bytes, n);
    u->at = u->buffer;
    return u;
}

static void end_member(struct unpack *u)
{
    if (u->begun)
        u->packing->end(u->state);
    u->begun = false;
    memset(u->state, 0, u->packing->state_bytes);
}

void unpack_free(struct unpack *u)
{
    if (!u)
        return;
    end_member(u);
    g_free(u->state);
    g_free(u->buffer);
    g_free(u);
}

const char *unpack_wrong(const struct unpack *u)
{
    return u->wrong[0] ? u->wrong : NULL;
}

static ssize_t fail(struct unpack *u, const char *what)
{
    g_snprintf(u->wrong, sizeof u->wrong, "%s data %s at byte %llu; everything before it was read", u->packing->name,
               what, (unsigned long long)u->taken);
    u->done = true;
    return 0;
}

static ssize_t end_of_input(struct unpack *u)
{
    u->done = true;
    return u->begun ? fail(u, "end early,") : 0;
}

/* Reads more input, once all of it was taken or the few bytes left are not enough. False at its end; *failed: a read
 * failed. */
static bool refill(struct unpack *u, bool *failed)
{
    if (!u->read)
        return false;
    if (u->left)
        memmove(u->buffer, u->at, u->left);
    u->at = u->buffer;
    ssize_t got = u->read(u->data, u->buffer + u->left, u->capacity - u->left);
    *failed = got < 0;
    u->left += got > 0 ? (size_t)got : 0;
    return got > 0;
}

static void skip_zeros(struct unpack *u)
{
    while (u->left && *u->at == 0) {
        u->at++;
        u->left--;
        u->taken++;
    }
}

/* 1 if there is a further member, 0 at the end, -1 if reading failed. */
static int next_member(struct unpack *u)
{
    bool failed = false;
    do
        skip_zeros(u);
    while ((!u->left || (u->taken && packing_may_begin(u->at, u->left))) && refill(u, &failed));
    if (failed)
        return -1;
    if (!u->left)
        return (int)end_of_input(u);
    if (packing_of(u->at, u->left) != u->packing)
        return (int)fail(u, "are followed by something else");
    if (!u->packing->begin(u->state)) {
        u->begun = true; /* it may be there in part */
        return (int)fail(u, "cannot be unpacked for lack of memory");
    }
    u->begun = true;
    return 1;
}

static ssize_t judge_step(struct unpack *u, int step)
{
    switch (step) {
    case STEP_BROKEN: return fail(u, "are broken");
    case STEP_NO_MEMORY: return fail(u, "cannot be unpacked for lack of memory");
    case STEP_TOO_LARGE: return fail(u, "need too much memory to unpack");
    default: return 0;
    }
}

/* Unpacks some of the input. Returns the number of bytes that came out. */
static size_t unpack_some(struct unpack *u, unsigned char *to, size_t n)
{
    const unsigned char *in = u->at;
    unsigned char *out = to;
    int step = u->packing->step(u->state, &in, u->left, &out, n);
    u->taken += (uint64_t)(in - u->at);
    u->left -= (size_t)(in - u->at);
    u->at = in;
    if (step == STEP_ENDED)
        end_member(u);
    else if (step != STEP_GOES_ON)
        judge_step(u, step);
    return (size_t)(out - to);
}

ssize_t unpack_read(struct unpack *u, unsigned char *to, size_t n)
{
    bool failed = false;
    while (!u->done) {
        int member = u->begun ? 1 : next_member(u);
        if (member <= 0)
            return member;
        /* What was unpacked may not have fitted before: it comes out without new input. */
        size_t before = u->left, got = unpack_some(u, to, n);
        if (got)
            return (ssize_t)got;
        if (u->begun && !u->done && u->left && before == u->left)
            return fail(u, "are broken");
        if (u->begun && !u->done && !u->left && !refill(u, &failed))
            return failed ? -1 : end_of_input(u);
    }
    return 0;
}

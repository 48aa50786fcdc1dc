/* SPDX-License-Identifier: MIT */
/*
 * raw.c - the bytes of an input: a descriptor or memory, compressed or not.
 *
 * In: a descriptor or memory. Out: its bytes, unpacked if the first ones are those of a compressed input. In a pipe,
 * that is known once these have arrived; the bytes read by then are passed to the unpacker. Refused: nothing; what
 * cannot be unpacked ends like a complete input, and wrong says why.
 */
#include "mailbox/mailbox.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* on_wait and its data stay set for the next input. */
static void start(struct raw *r, int fd, bool owns_fd, uint64_t origin, bool random_access)
{
    *r = (struct raw){.fd = fd,
                      .owns_fd = owns_fd,
                      .random_access = random_access,
                      .fd_origin = origin,
                      .on_wait = r->on_wait,
                      .on_wait_data = r->on_wait_data};
}

void raw_open_file(struct raw *r, int fd)
{
    start(r, fd, true, 0, true);
}

void raw_open_fd(struct raw *r, int fd, bool owns_fd)
{
    struct stat st;
    off_t origin = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? lseek(fd, 0, SEEK_CUR) : -1;
    start(r, fd, owns_fd, origin > 0 ? (uint64_t)origin : 0, origin >= 0);
}

void raw_open_memory(struct raw *r, const void *bytes, size_t length)
{
    start(r, -1, false, 0, false);
    r->memory = bytes;
    r->memory_length = length;
}

void raw_close(struct raw *r)
{
    unpack_free(r->unpack);
    r->unpack = NULL;
    if (r->owns_fd && r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    r->owns_fd = false;
}

bool raw_can_seek(const struct raw *r)
{
    return !r->packing && (r->fd < 0 || r->random_access);
}

/* Like read(2), but waits even if the descriptor is non-blocking. */
static ssize_t read_fd(void *data, unsigned char *to, size_t n)
{
    struct raw *r = data;
    if (r->on_wait && !r->random_access)
        r->on_wait(r->on_wait_data, r->fd);
    if (r->stopped)
        return 0;
    for (;;) {
        /* pread(), because others that share the descriptor may move its offset. */
        ssize_t got = r->random_access ? pread(r->fd, to, n, (off_t)(r->fd_origin + r->at)) : read(r->fd, to, n);
        if (got > 0)
            r->at += (uint64_t)got;
        if (got >= 0 || (errno != EINTR && errno != EAGAIN))
            return got;
        if (errno == EAGAIN)
            poll(&(struct pollfd){.fd = r->fd, .events = POLLIN}, 1, -1);
    }
}

void raw_seek(struct raw *r, uint64_t offset)
{
    r->at = offset;
    r->memory_taken = (size_t)MIN(offset, r->memory_length);
}

static ssize_t read_memory(struct raw *r, unsigned char *to, size_t n)
{
    n = MIN(n, r->memory_length - r->memory_taken);
    if (n)
        memcpy(to, r->memory + r->memory_taken, n);
    r->memory_taken += n;
    return (ssize_t)n;
}

/* ------------------------------------------------------------- compressed */

/* bytes: what was read of the input so far. */
static void begin_unpacking(struct raw *r, const struct packing *p, const unsigned char *bytes, size_t n)
{
    r->packing = p;
    if (packing_load(p))
        r->unpack = unpack_new(p, bytes, n, r->fd < 0 ? NULL : read_fd, r);
    else
        g_snprintf(r->wrong, sizeof r->wrong, "%s data, and %s, which unpacks them, cannot be loaded", p->name,
                   p->library);
}

void raw_look(struct raw *r)
{
    unsigned char front[PACKING_FRONT_BYTES];
    const struct packing *p = NULL;
    if (r->looked || (r->fd >= 0 && !r->random_access))
        return;
    r->looked = true;
    if (r->fd < 0) {
        if ((p = packing_of(r->memory, r->memory_length)))
            begin_unpacking(r, p, r->memory, r->memory_length);
        return;
    }
    ssize_t got = pread(r->fd, front, sizeof front, (off_t)r->fd_origin);
    if (got > 0 && (p = packing_of(front, (size_t)got)))
        begin_unpacking(r, p, front, 0);
}

static ssize_t read_unpacked(struct raw *r, unsigned char *to, size_t n)
{
    ssize_t got = r->unpack ? unpack_read(r->unpack, to, n) : 0;
    if (got == 0 && r->unpack && !r->stopped && unpack_wrong(r->unpack))
        g_strlcpy(r->wrong, unpack_wrong(r->unpack), sizeof r->wrong);
    return got;
}

/* The first read. Reads on while the bytes so far may be the beginning of compressed data. */
static ssize_t read_front(struct raw *r, unsigned char *to, size_t n)
{
    ssize_t sum = read_fd(r, to, n), got = sum;
    while (got > 0 && packing_may_begin(to, (size_t)sum))
        if ((got = read_fd(r, to + sum, n - (size_t)sum)) > 0)
            sum += got;
    r->looked = true;
    const struct packing *p = sum > 0 ? packing_of(to, (size_t)sum) : NULL;
    if (!p)
        return got < 0 ? got : sum;
    begin_unpacking(r, p, to, (size_t)sum);
    return read_unpacked(r, to, n);
}

ssize_t raw_read(struct raw *r, unsigned char *to, size_t n)
{
    if (r->fd < 0)
        raw_look(r);
    if (r->packing)
        return read_unpacked(r, to, n);
    if (r->fd < 0)
        return read_memory(r, to, n);
    return r->looked ? read_fd(r, to, n) : read_front(r, to, n);
}

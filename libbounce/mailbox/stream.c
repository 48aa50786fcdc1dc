/* SPDX-License-Identifier: MIT */
/*
 * stream.c - the window through which the splitter sees its input.
 *
 * In: a file descriptor (read in blocks with read(2) and never mapped; only ranges need pread(2)) or memory; raw.c
 * reads it, and unpacks what is compressed. Out: a window that begins at the head of the current message. For a message
 * longer than `keep` bytes it holds the first `keep` and the part being read; what is between them is dropped, but
 * counted. So it never needs more than keep bytes and one block. Refused: an input that cannot be read, or for which
 * memory runs out.
 */
#include "mailbox/mailbox.h"

#include "base/limits.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    /* The least room for a read: with less, the calls would cost more than the copying. */
    ROOM_BYTES = LIMIT_MAILBOX_BLOCK_BYTES / 4,
    PAGE_BYTES = 4096,
    /* The kernel copies at a third of its speed (AMD Zen 4) if the offset of the target in its page is a few bytes
     * after that of the source. */
    ALIGN_BYTES = 64
};

void stream_init(struct stream *s, size_t keep_bytes)
{
    *s = (struct stream){.raw = {.fd = -1}, .keep = keep_bytes};
}

/* Room for what is kept and one block. The sum cannot overflow, because keep is limited. */
static size_t capacity_max(const struct stream *s)
{
    return s->keep + LIMIT_MAILBOX_BLOCK_BYTES;
}

/* False, with the error set, if there is no memory for it. */
static bool grow_window(struct stream *s)
{
    size_t wanted = s->capacity ? s->capacity * 2 : LIMIT_MAILBOX_BLOCK_BYTES;
    wanted = wanted < capacity_max(s) ? wanted : capacity_max(s);
    unsigned char *grown = g_try_realloc(s->buffer, wanted);
    if (!grown) {
        s->error = ENOMEM;
        return false;
    }
    s->buffer = grown;
    s->capacity = wanted;
    return true;
}

/* Where to move the head: to the front, so that the bytes read next are aligned in memory as they are in the file. */
static size_t front_of_window(const struct stream *s)
{
    uintptr_t to = (uintptr_t)s->buffer + (s->end - s->head);
    return (size_t)((s->raw.fd_origin + s->taken - to) % ALIGN_BYTES);
}

/* Empties the window; what is read next is at an offset of the input. */
static void empty_window(struct stream *s, uint64_t offset)
{
    s->head_offset = s->taken = offset;
    s->gap = 0;
    s->eof = false;
    s->head = s->end = 0;
    s->head = s->end = front_of_window(s);
}

static void start_input(struct stream *s)
{
    s->error = 0;
    if (!s->buffer)
        grow_window(s);
    empty_window(s, 0);
    s->eof = s->error != 0;
}

void stream_open_file(struct stream *s, int fd)
{
    raw_open_file(&s->raw, fd);
    start_input(s);
}

void stream_open_fd(struct stream *s, int fd, bool owns_fd)
{
    raw_open_fd(&s->raw, fd, owns_fd);
    start_input(s);
}

void stream_open_memory(struct stream *s, const void *bytes, size_t length)
{
    raw_open_memory(&s->raw, bytes, length);
    start_input(s);
}

void stream_close(struct stream *s)
{
    raw_close(&s->raw);
}

void stream_free(struct stream *s)
{
    stream_close(s);
    g_free(s->buffer);
    s->buffer = NULL;
}

static void move_head_to_front(struct stream *s)
{
    size_t to = front_of_window(s), n = s->end - s->head;
    if (to >= s->head)
        return;
    memmove(s->buffer + to, s->buffer + s->head, n);
    s->head = to;
    s->end = to + n;
}

/* Drops what is between the bytes that are kept and those that are being read. */
static void drop_middle(struct stream *s, size_t *position)
{
    size_t first = *position > STREAM_LOOK_BEHIND ? *position - STREAM_LOOK_BEHIND : 0;
    if (first <= s->keep)
        return;
    size_t dropped = (first - s->keep) / ALIGN_BYTES * ALIGN_BYTES;
    unsigned char *to = s->buffer + s->head + s->keep;
    memmove(to, to + dropped, stream_size(s) - s->keep - dropped);
    s->end -= dropped;
    s->gap += dropped;
    *position -= dropped;
}

/* False, with the error set, if memory runs out. */
static bool make_room(struct stream *s, size_t *position)
{
    /* A window that has grown is not filled to its end, so that the bytes in use stay in the cache; never moves more
     * bytes than were consumed. */
    if (s->end + ROOM_BYTES > LIMIT_MAILBOX_BLOCK_BYTES && s->head >= s->end - s->head)
        move_head_to_front(s);
    if (s->capacity - s->end >= ROOM_BYTES)
        return true;
    move_head_to_front(s);
    /* Moving the head may have been enough. */
    if (s->capacity - s->end < ROOM_BYTES && s->capacity < capacity_max(s) && !grow_window(s))
        return false;
    if (s->capacity - s->end < ROOM_BYTES)
        drop_middle(s, position);
    return true;
}

_Static_assert(ROOM_BYTES >= 256 * 1024, "bounce_mailbox_go_to() promises that so much is always read at once");

/* How much to read: up to the end of the block, or at most one block; whole pages, so that the next read begins at a
 * page of the file. */
static size_t read_bytes(const struct stream *s)
{
    bool fits = s->end + ROOM_BYTES <= LIMIT_MAILBOX_BLOCK_BYTES;
    size_t n = fits ? LIMIT_MAILBOX_BLOCK_BYTES - s->end : MIN(s->capacity - s->end, LIMIT_MAILBOX_BLOCK_BYTES);
    if (s->at_once && n > s->at_once)
        n = s->at_once;
    return n >= PAGE_BYTES ? n / PAGE_BYTES * PAGE_BYTES : n;
}

bool stream_more(struct stream *s, size_t *position)
{
    if (s->eof)
        return false;
    if (s->held) {
        s->error = EAGAIN;
        return false;
    }
    if (!make_room(s, position)) {
        s->eof = true;
        return false;
    }
    unsigned char *to = s->buffer + s->end;
    size_t n = read_bytes(s);
    ssize_t got = raw_read(&s->raw, to, n);
    if (s->eof) /* it has been stopped */
        return false;
    if (got <= 0) {
        s->eof = true;
        s->error = got < 0 ? errno : 0;
        return false;
    }
    s->end += (size_t)got;
    s->taken += (uint64_t)got;
    return true;
}

bool stream_seek(struct stream *s, uint64_t offset)
{
    struct raw *r = &s->raw;
    empty_window(s, offset);
    raw_seek(r, offset);
    if (r->fd < 0 || r->random_access)
        return true;
    s->error = ESPIPE;
    s->eof = true;
    return false;
}

bool stream_skip_to(struct stream *s, uint64_t offset)
{
    size_t none = 0;
    raw_look(&s->raw);
    if (raw_can_seek(&s->raw))
        return stream_seek(s, offset);
    while (offset - s->head_offset > stream_size(s)) {
        stream_advance(s, stream_size(s));
        if (stream_more(s, &none))
            continue;
        if (!s->error && !s->raw.wrong[0] && !s->raw.stopped)
            g_strlcpy(s->raw.wrong, "the start is beyond the end", sizeof s->raw.wrong);
        return false;
    }
    stream_advance(s, (size_t)(offset - s->head_offset));
    return true;
}

bool stream_length(const struct stream *s, uint64_t *length)
{
    struct stat st;
    const struct raw *r = &s->raw;
    *length = r->memory_length;
    if (!raw_can_seek(r) || (r->fd >= 0 && fstat(r->fd, &st) != 0))
        return false;
    if (r->fd >= 0)
        *length = (uint64_t)st.st_size > r->fd_origin ? (uint64_t)st.st_size - r->fd_origin : 0;
    return true;
}

void stream_advance(struct stream *s, size_t position)
{
    s->head_offset = stream_offset(s, position);
    s->head += position;
    s->gap = 0;
}

/* Random access: to what is before the reading position, or far after it. */
static bool peek_at(const struct stream *s, uint64_t offset, unsigned char *out, size_t n, size_t *got)
{
    const struct raw *r = &s->raw;
    *got = 0;
    if (r->fd < 0) {
        size_t left = offset < r->memory_length ? r->memory_length - (size_t)offset : 0;
        *got = n < left ? n : left;
        if (*got)
            memcpy(out, r->memory + offset, *got);
        return true;
    }
    while (*got < n) {
        ssize_t bytes = pread(r->fd, out + *got, n - *got, (off_t)(r->fd_origin + offset + *got));
        if (bytes < 0 && errno == EINTR)
            continue;
        if (bytes <= 0)
            return bytes == 0;
        *got += (size_t)bytes;
    }
    return true;
}

bool stream_peek(struct stream *s, uint64_t offset, unsigned char *out, size_t n, size_t *got)
{
    if (raw_can_seek(&s->raw))
        return peek_at(s, offset, out, n, got);
    uint64_t first = offset - s->head_offset;
    if (offset < s->head_offset || s->gap || first + n + ROOM_BYTES > capacity_max(s))
        return false;
    size_t from = (size_t)first, keep_all = 0;
    while (stream_size(s) < from + n && stream_more(s, &keep_all))
        continue;
    size_t left = stream_size(s) > from ? stream_size(s) - from : 0;
    *got = n < left ? n : left;
    if (*got)
        memcpy(out, stream_data(s) + from, *got);
    return s->error == 0;
}

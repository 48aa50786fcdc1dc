/* SPDX-License-Identifier: MIT */
/*
 * test_shard.c - shards of a mailbox: whatever their number, and wherever they are cut,
 * all together are the mailbox, message by message and byte by byte.
 */
#define _GNU_SOURCE 1 /* memfd_create() */
#include "bounce.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DATED "From a Sat Jan 3 01:05 1996\n"
#define LATER "From b@example.org Sun, 04 Jan 1998 01:05:34 +0100\n"

/* '\n' is replaced by the line end that is tested. */
static const char *const boxes[] = {
    "",
    "x",
    "\n",
    "\n\n\n",
    DATED,
    DATED "\n",
    DATED DATED DATED,
    DATED "\n" DATED "\n" DATED,
    DATED "\n\n" DATED "\n\n\n" DATED "x",
    "\n" DATED "a\n\n" LATER "b\n",
    "\n\n\n\n\n" DATED "a\n\n" DATED,
    "\n\n\n\n\n\n\nno From line\n\nbody\n\n" DATED "second\n",
    "Subject: no From line\n\nbody\n\n" DATED "second\n\n",
    DATED "Subject: a\n\nFrom now on\n\nFrom May 4 to June 10:30\n\n>From here\n\n" LATER "b\n",
    DATED "a\n" DATED "b\n\n" DATED "\n>" DATED "\n" DATED "c",
    DATED "From From " DATED "\n\nFrom \n\nFrom" DATED "\n\n" DATED,
    DATED "Content-Length: 60\n\nx\n\n" DATED "that was in the body\n\n" DATED "y\n",
    DATED "a\n\n" DATED "b\n\n" DATED "c\n\n" DATED "d\n\n" DATED "e\n\n",
};
enum { BOXES = sizeof boxes / sizeof *boxes };

static const char *const line_ends[] = {"\n", "\r\n", "\r"};

/* Up to this length every number of shards is tried, above it only some. */
enum { WHOLLY_TESTED_BYTES = 120, FEW = 12 };

struct bytes {
    char *s;
    size_t n, capacity;
};

static void append(struct bytes *b, const void *s, size_t n)
{
    if (b->n + n + 1 > b->capacity) {
        b->capacity = (b->n + n + 1) * 2;
        b->s = realloc(b->s, b->capacity);
        cr_assert_not_null(b->s);
    }
    if (n)
        memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

static struct bytes with_line_end(const char *text, const char *line_end)
{
    struct bytes b = {0};
    append(&b, "", 0);
    for (; *text; text++) {
        if (*text == '\n')
            append(&b, line_end, strlen(line_end));
        else
            append(&b, text, 1);
    }
    return b;
}

/* The offset of each message, and its bytes, in one string. */
static void list(bounce_mailbox *mb, bool indexed, struct bytes *out)
{
    bounce_view view;
    uint64_t index = 0;
    bounce_status status;
    while ((status = bounce_mailbox_next(mb, &view, NULL)) == BOUNCE_OK) {
        char line[64];
        int n = snprintf(line, sizeof line, "%llu+%llu:", (unsigned long long)view.offset,
                         (unsigned long long)view.true_length);
        append(out, line, (size_t)n);
        append(out, view.bytes, view.length);
        cr_assert_eq(view.index, indexed ? index++ : BOUNCE_NO_NUMBER);
    }
    cr_assert_eq(status, BOUNCE_END);
}

/* fd -1: from memory. shards 0: all. */
static void read_shard(const struct bytes *box, int fd, bounce_format format, uint32_t shard, uint32_t shards,
                       struct bytes *out)
{
    bounce_mailbox *mb;
    bounce_status status = fd < 0 ? bounce_mailbox_open_memory(box->s, box->n, format, 0, &mb, NULL)
                                  : bounce_mailbox_open_fd(fd, NULL, format, 0, &mb, NULL);
    cr_assert_eq(status, BOUNCE_OK);
    if (shards)
        cr_assert_eq(bounce_mailbox_set_shard(mb, shard, shards, NULL), BOUNCE_OK);
    list(mb, !shards, out);
    bounce_mailbox_close(mb);
}

static void check_same(const struct bytes *box, const struct bytes *got, const struct bytes *want, uint32_t shards,
                       const char *name)
{
    cr_assert(got->n == want->n && memcmp(got->s, want->s, got->n) == 0, "%s, %u shards of\n%s\nare\n%s\nand not\n%s",
              name, (unsigned)shards, box->s, got->s, want->s);
}

static void check(const struct bytes *box, int fd, bounce_format format, const struct bytes *want, uint32_t shards,
                  const char *name)
{
    struct bytes got = {0};
    append(&got, "", 0);
    for (uint32_t shard = 0; shard < shards; shard++) {
        if (fd >= 0)
            lseek(fd, 0, SEEK_SET);
        read_shard(box, fd, format, shard, shards, &got);
    }
    check_same(box, &got, want, shards, name);
    free(got.s);
}

/* The same, but a range of bytes that another number of shards had too is not read
 * again: with a sanitizer, opening a mailbox takes most of the time. ranges: the contents
 * of each, from the byte of its row to that of its column; NULL: not read yet. */
static void check_ranges(const struct bytes *box, bounce_format format, const struct bytes *want, uint32_t shards,
                         struct bytes *ranges, const char *name)
{
    struct bytes got = {0};
    append(&got, "", 0);
    for (uint32_t shard = 0; shard < shards; shard++) {
        size_t begin = box->n * shard / shards, end = box->n * (shard + 1) / shards;
        struct bytes *range = &ranges[begin * (box->n + 1) + end];
        if (!range->s) {
            append(range, "", 0);
            read_shard(box, -1, format, shard, shards, range);
        }
        append(&got, range->s, range->n);
    }
    check_same(box, &got, want, shards, name);
    free(got.s);
}

/* Content-Length is ignored in shards: they are read as mbox. */
static void check_box(const struct bytes *box, const char *name)
{
    static const bounce_format formats[] = {BOUNCE_FORMAT_MBOX, BOUNCE_FORMAT_AUTO, BOUNCE_FORMAT_MAIL};
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        bool believed = formats[f] == BOUNCE_FORMAT_AUTO && strstr(box->s, "Content-Length");
        struct bytes want = {0};
        append(&want, "", 0);
        read_shard(box, -1, believed ? BOUNCE_FORMAT_MBOX : formats[f], 0, 0, &want);
        const size_t range_count = (box->n + 1) * (box->n + 1);
        struct bytes *ranges = calloc(range_count, sizeof *ranges);
        cr_assert_not_null(ranges);
        uint32_t all = formats[f] == BOUNCE_FORMAT_MBOX && box->n <= WHOLLY_TESTED_BYTES ? (uint32_t)box->n + 5 : FEW;
        for (uint32_t shards = 1; shards <= all; shards++)
            check_ranges(box, formats[f], &want, shards, ranges, name);
        /* One byte per shard, and less. */
        for (uint32_t shards = (uint32_t)box->n; all == FEW && shards > 0 && shards <= box->n + 2; shards++)
            check_ranges(box, formats[f], &want, shards, ranges, name);
        for (size_t i = 0; i < range_count; i++)
            free(ranges[i].s);
        free(ranges);
        free(want.s);
    }
}

Test(mailbox_shard, every_number_of_shards_of_small_boxes)
{
    for (size_t i = 0; i < BOXES; i++) {
        for (size_t e = 0; e < 3; e++) {
            char name[32];
            snprintf(name, sizeof name, "box %zu, line end %zu", i, e);
            struct bytes box = with_line_end(boxes[i], line_ends[e]);
            check_box(&box, name);
            free(box.s);
        }
    }
}

/* xorshift: the same boxes on every machine. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

Test(mailbox_shard, random_boxes)
{
    static const char *const pieces[] = {
        "From a Sat Jan 3 01:05 1996",
        ">From a Sat Jan 3 01:05 1996",
        "\nFrom a Sat Jan 3 01:05 1996\n",
        "From ",
        "Content-Length: 9",
        "x",
        " ",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\n\n",
    };
    uint32_t state = 20260131;
    for (int i = 0; i < 150; i++) {
        struct bytes box = {0};
        append(&box, "", 0);
        for (uint32_t n = next_random(&state) % 30; n > 0; n--) {
            const char *piece = pieces[next_random(&state) % (sizeof pieces / sizeof *pieces)];
            append(&box, piece, strlen(piece));
        }
        char name[32];
        snprintf(name, sizeof name, "random box %d", i);
        struct bytes want = {0};
        append(&want, "", 0);
        read_shard(&box, -1, BOUNCE_FORMAT_MBOX, 0, 0, &want);
        static const uint32_t counts[] = {1, 2, 3, 5, 7, 16, 61};
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++)
            check(&box, -1, BOUNCE_FORMAT_MBOX, &want, counts[c], name);
        check(&box, -1, BOUNCE_FORMAT_MBOX, &want, (uint32_t)box.n + 3, name);
        free(want.s);
        free(box.s);
    }
}

/* Messages longer than the window, so that ranges begin and end inside it. */
static struct bytes big_box(void)
{
    struct bytes box = {0};
    for (size_t i = 0; i < 12; i++) {
        append(&box, DATED "\n", sizeof DATED "\n" - 1);
        for (size_t line = 0; line < (i % 4) * 12000 + i; line++)
            append(&box, line % 7 ? "some text of a line\n" : "\nFrom nobody on a line\n", line % 7 ? 20 : 23);
        append(&box, "\n", 1);
    }
    return box;
}

Test(mailbox_shard, files)
{
    struct bytes box = big_box(), want = {0};
    int fd = memfd_create("box", 0);
    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, box.s, box.n), (ssize_t)box.n);
    read_shard(&box, -1, BOUNCE_FORMAT_AUTO, 0, 0, &want);
    for (uint32_t shards = 1; shards <= 40; shards++)
        check(&box, fd, BOUNCE_FORMAT_AUTO, &want, shards, "file");
    close(fd);
    free(want.s);
    free(box.s);
}

/* Also where size_t and the system's own offsets have 32 bits. */
Test(mailbox_shard, beyond_4_gib)
{
    static const char first[] = DATED "a\n", last[] = "\n\n" DATED "b\n";
    const uint64_t place = UINT64_C(5) << 30;
    bounce_mailbox *mb;
    bounce_view view;
    char path[32];
    int fd = memfd_create("box", 0); /* parts that are not written take no memory */
    cr_assert_eq(write(fd, first, sizeof first - 1), (ssize_t)sizeof first - 1);
    cr_assert_eq(pwrite(fd, last, sizeof last - 1, (off_t)place), (ssize_t)sizeof last - 1);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    cr_assert_eq(bounce_mailbox_open(path, BOUNCE_FORMAT_MBOX, 0, &mb, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 999999, 1000000, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_OK);
    cr_assert_eq(view.offset, place + 2 + sizeof DATED - 1);
    cr_assert_eq(view.length, 2);
    cr_assert_arr_eq(view.bytes, "b\n", 2);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
    close(fd);
}

Test(mailbox_shard, wrong_arguments)
{
    bounce_mailbox *mb;
    bounce_view view;
    bounce_error error;
    int fds[2];
    cr_assert_eq(bounce_mailbox_set_shard(NULL, 0, 1, NULL), BOUNCE_ERROR_ARGUMENT);
    bounce_mailbox_open_memory("x", 1, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 0, 0, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 2, 2, &error), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(error.status, BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 0, 2, NULL), BOUNCE_ERROR_ARGUMENT, "too late");
    bounce_mailbox_close(mb);
    bounce_mailbox_open_memory("x", 1, BOUNCE_FORMAT_MBOXCL, 0, &mb, NULL);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 0, 2, NULL), BOUNCE_ERROR_ARGUMENT);
    bounce_mailbox_close(mb);
    cr_assert_eq(pipe(fds), 0);
    bounce_mailbox_open_fd(fds[0], NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    cr_assert_eq(bounce_mailbox_set_shard(mb, 0, 2, &error), BOUNCE_ERROR_IO);
    cr_assert_str_eq(error.message, "only a file or folder can be read in shards");
    bounce_mailbox_close(mb);
    close(fds[0]);
    close(fds[1]);
}

static void count_wait(void *data, int fd)
{
    (void)fd;
    ++*(int *)data;
}

Test(mailbox_shard, on_wait_is_called_for_pipes_only)
{
    static const char box[] = DATED "a\n\n" DATED "b\n";
    bounce_mailbox *mb;
    bounce_view view;
    int fds[2], waits = 0, fd = memfd_create("box", 0);
    bounce_mailbox_on_wait(NULL, count_wait, &waits);
    cr_assert_eq(pipe(fds), 0);
    cr_assert_eq(write(fds[1], box, sizeof box - 1), (ssize_t)sizeof box - 1);
    bounce_mailbox_open_fd(fds[0], NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    bounce_mailbox_on_wait(mb, count_wait, &waits);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_OK);
    cr_assert_eq(waits, 1);
    close(fds[1]);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_OK);
    cr_assert_eq(waits, 2);
    bounce_mailbox_close(mb);
    close(fds[0]);
    cr_assert_eq(write(fd, box, sizeof box - 1), (ssize_t)sizeof box - 1);
    lseek(fd, 0, SEEK_SET);
    bounce_mailbox_open_fd(fd, NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL);
    bounce_mailbox_on_wait(mb, count_wait, &waits);
    cr_assert_eq(bounce_mailbox_next(mb, &view, NULL), BOUNCE_OK);
    cr_assert_eq(waits, 2);
    bounce_mailbox_close(mb);
    close(fd);
}

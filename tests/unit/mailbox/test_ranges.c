/* SPDX-License-Identifier: MIT */
/*
 * test_ranges.c - readers that share a mailbox, range by range, together return what one reader returns
 * from beginning to end; and the messages of a range stay valid side by side.
 */
#define _GNU_SOURCE 1 /* memfd_create(), mkdtemp() */
#include "boxes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_TEXT = 16384, AT_ONCE = 64, READERS = 3 };

static void add(char *to, const bounce_view *v)
{
    size_t n = strlen(to);
    snprintf(to + n, MOST_TEXT - n, "%lld at %llu, %llu bytes: %.*s|", (long long)v->index,
             (unsigned long long)v->offset, (unsigned long long)v->true_length, (int)v->length, (const char *)v->bytes);
}

static bounce_mailbox *open_box(const char *text, bool in_memory, int *fd, uint32_t shard, uint32_t shards)
{
    bounce_mailbox *mb;
    size_t n = strlen(text);
    *fd = -1;
    if (in_memory) {
        cr_assert_eq(bounce_mailbox_open_memory(text, n, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    } else {
        *fd = memfd_create("box", MFD_CLOEXEC);
        cr_assert_eq(pwrite(*fd, text, n, 0), (ssize_t)n);
        cr_assert_eq(bounce_mailbox_open_fd(*fd, NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    }
    if (shards)
        cr_assert_eq(bounce_mailbox_set_shard(mb, shard, shards, NULL), BOUNCE_OK);
    return mb;
}

/* The messages of one range; their views are compared only after the last one was read. */
static bool read_range(bounce_mailbox *mb, bounce_position *at, size_t most, char *to)
{
    bounce_view views[AT_ONCE];
    size_t count = 0;
    cr_assert_eq(bounce_mailbox_go_to(mb, at, most, NULL), BOUNCE_OK);
    bounce_status status = bounce_mailbox_next(mb, &views[0], NULL);
    while (status == BOUNCE_OK && ++count < AT_ONCE)
        status = bounce_mailbox_next_held(mb, &views[count]);
    for (size_t i = 0; i < count; i++)
        add(to, &views[i]);
    return bounce_mailbox_after(mb, at);
}

static void read_by_turns(const char *box, bool in_memory, uint32_t shard, uint32_t shards, size_t most, char *to)
{
    bounce_mailbox *readers[READERS];
    int fds[READERS];
    bounce_position at = {0};
    for (size_t i = 0; i < READERS; i++)
        readers[i] = open_box(box, in_memory, &fds[i], shard, shards);
    *to = '\0';
    for (size_t i = 0; read_range(readers[i % READERS], &at, most, to); i++)
        cr_assert_lt(i, 100);
    for (size_t i = 0; i < READERS; i++) {
        bounce_mailbox_close(readers[i]);
        close(fds[i]);
    }
}

static void read_whole(const char *box, uint32_t shard, uint32_t shards, char *to)
{
    int fd;
    bounce_view v;
    bounce_mailbox *mb = open_box(box, true, &fd, shard, shards);
    *to = '\0';
    while (bounce_mailbox_next(mb, &v, NULL) == BOUNCE_OK)
        add(to, &v);
    bounce_mailbox_close(mb);
}

Test(ranges, readers_by_turns_return_what_one_returns)
{
    static char want[MOST_TEXT], got[MOST_TEXT];
    const size_t most[] = {1, 7, 64, 1 << 20};
    for (size_t box = 0; box < BOXES; box++) {
        for (uint32_t part = 0; part < 4; part++) { /* all of it, and each of three shards */
            uint32_t shard = part ? part - 1 : 0, shards = part ? 3 : 0;
            read_whole(boxes[box], shard, shards, want);
            for (size_t i = 0; i < 2 * sizeof most / sizeof *most; i++) {
                read_by_turns(boxes[box], i % 2 == 0, shard, shards, most[i / 2], got);
                cr_assert_str_eq(got, want, "box %zu, part %u, %zu bytes", box, part, most[i / 2]);
            }
        }
    }
}

Test(ranges, reading_continues_after_what_was_held)
{
    static char want[MOST_TEXT], got[MOST_TEXT];
    for (size_t box = 0; box < BOXES; box++) {
        int fd;
        bounce_view v;
        bounce_position front = {0};
        bounce_mailbox *mb = open_box(boxes[box], false, &fd, 0, 0);
        read_whole(boxes[box], 0, 0, want);
        *got = '\0';
        bounce_mailbox_go_to(mb, &front, 40, NULL);
        while (bounce_mailbox_next(mb, &v, NULL) == BOUNCE_OK) {
            add(got, &v);
            while (bounce_mailbox_next_held(mb, &v) == BOUNCE_OK)
                add(got, &v);
        }
        cr_assert_str_eq(got, want, "box %zu", box);
        bounce_mailbox_close(mb);
        close(fd);
    }
}

Test(ranges, files_of_a_folder)
{
    char folder[] = "/tmp/bounce-ranges-XXXXXX", path[64];
    cr_assert_not_null(mkdtemp(folder));
    for (int i = 0; i < 7; i++) {
        snprintf(path, sizeof path, "%s/%d", folder, i);
        FILE *f = fopen(path, "w");
        fprintf(f, "Subject: %d\n\nx\n", i);
        fclose(f);
    }
    char seen[16] = "";
    bounce_position at = {0};
    bounce_mailbox *mb;
    bounce_view v;
    cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    for (bool more = true; more;) {
        cr_assert_eq(bounce_mailbox_go_to(mb, &at, 3, NULL), BOUNCE_OK);
        while (bounce_mailbox_next(mb, &v, NULL) == BOUNCE_OK)
            strncat(seen, (const char *)v.bytes + strlen("Subject: "), 1);
        more = bounce_mailbox_after(mb, &at);
        strcat(seen, more ? "," : ".");
    }
    cr_assert_str_eq(seen, "012,345,6.");
    bounce_mailbox_close(mb);
    for (int i = 0; i < 7; i++) {
        snprintf(path, sizeof path, "%s/%d", folder, i);
        unlink(path);
    }
    rmdir(folder);
}

Test(ranges, what_cannot_be_positioned_is_refused)
{
    int ends[2];
    bounce_mailbox *mb;
    const bounce_position front = {0};
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(bounce_mailbox_open_fd(ends[0], NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_go_to(mb, &front, 1, NULL), BOUNCE_ERROR_IO);
    cr_assert_eq(bounce_mailbox_go_to(mb, &front, 0, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_go_to(NULL, &front, 1, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_not(bounce_mailbox_after(mb, NULL));
    cr_assert_not(bounce_mailbox_after(NULL, NULL));
    cr_assert_eq(bounce_mailbox_next_held(mb, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
    close(ends[0]);
    close(ends[1]);
}

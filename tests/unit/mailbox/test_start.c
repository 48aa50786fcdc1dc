/* SPDX-License-Identifier: MIT */
/*
 * test_start.c - a mailbox that is read from the position of any of its messages
 * has the rest of it, byte by byte: from memory, a file, a pipe, a folder, and
 * inside a shard.
 */
#define _GNU_SOURCE 1 /* memfd_create() */
#include "boxes.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 8, TEXT_BYTES = 4096 };

/* The contents of a mailbox: each message in one string, and where it begins. */
struct listing {
    size_t count;
    char text[MOST][TEXT_BYTES];
    bounce_position at[MOST];
};

static void list(bounce_mailbox *mb, struct listing *l)
{
    bounce_view v;
    for (l->count = 0; bounce_mailbox_next(mb, &v, NULL) == BOUNCE_OK; l->count++) {
        cr_assert_lt(l->count, MOST);
        snprintf(l->text[l->count], TEXT_BYTES, "%lld at %llu, %llu bytes: %.*s", (long long)v.index,
                 (unsigned long long)v.offset, (unsigned long long)v.true_length, (int)v.length, (const char *)v.bytes);
        bounce_mailbox_position(mb, &l->at[l->count]);
    }
    bounce_mailbox_close(mb);
}

/* In memory, a file or a pipe. */
enum input { IN_MEMORY, IN_FILE, IN_PIPE, INPUTS };

static bounce_mailbox *open_box(const char *text, enum input input, int *fd)
{
    bounce_mailbox *mb;
    size_t n = strlen(text);
    *fd = -1;
    if (input == IN_MEMORY) {
        cr_assert_eq(bounce_mailbox_open_memory(text, n, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
        return mb;
    }
    if (input == IN_FILE) {
        *fd = memfd_create("box", MFD_CLOEXEC);
        cr_assert_eq(pwrite(*fd, text, n, 0), (ssize_t)n);
    } else {
        int ends[2];
        cr_assert_eq(pipe(ends), 0);
        cr_assert_eq(write(ends[1], text, n), (ssize_t)n);
        close(ends[1]);
        *fd = ends[0];
    }
    cr_assert_eq(bounce_mailbox_open_fd(*fd, NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    return mb;
}

static void check_tail(const struct listing *whole, size_t from, const struct listing *rest)
{
    cr_assert_eq(rest->count, whole->count - from);
    for (size_t i = 0; i < rest->count; i++)
        cr_assert_str_eq(rest->text[i], whole->text[from + i]);
}

Test(start, any_message_of_any_box)
{
    static struct listing whole, rest;
    for (size_t box = 0; box < BOXES; box++) {
        for (enum input input = IN_MEMORY; input < INPUTS; input++) {
            int fd;
            list(open_box(boxes[box], input, &fd), &whole);
            close(fd);
            for (size_t from = 0; from < whole.count; from++) {
                bounce_mailbox *mb = open_box(boxes[box], input, &fd);
                cr_assert_eq(bounce_mailbox_set_start(mb, &whole.at[from], NULL), BOUNCE_OK);
                list(mb, &rest);
                close(fd);
                check_tail(&whole, from, &rest);
            }
        }
    }
}

Test(start, inside_a_shard)
{
    static struct listing whole, rest;
    for (size_t box = 0; box < BOXES; box++) {
        for (uint32_t shard = 0; shard < 3; shard++) {
            int fd;
            bounce_mailbox *mb = open_box(boxes[box], IN_MEMORY, &fd);
            cr_assert_eq(bounce_mailbox_set_shard(mb, shard, 3, NULL), BOUNCE_OK);
            list(mb, &whole);
            for (size_t from = 0; from < whole.count; from++) {
                mb = open_box(boxes[box], IN_MEMORY, &fd);
                cr_assert_eq(bounce_mailbox_set_shard(mb, shard, 3, NULL), BOUNCE_OK);
                cr_assert_eq(bounce_mailbox_set_start(mb, &whole.at[from], NULL), BOUNCE_OK);
                list(mb, &rest);
                check_tail(&whole, from, &rest);
            }
        }
    }
}

static void put(const char *folder, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    cr_assert_not_null(f);
    fputs(text, f);
    fclose(f);
}

Test(start, in_a_folder)
{
    static struct listing whole, rest;
    static const char *const names[] = {"a", "b", "c", "d"};
    const char *const texts[] = {boxes[12], "", "Subject: x\n\n", boxes[5]};
    char folder[] = "/tmp/test_start.XXXXXX", path[512];
    cr_assert_not_null(mkdtemp(folder));
    for (size_t i = 0; i < 4; i++)
        put(folder, names[i], i == 0 ? boxes[6] : texts[i]);
    bounce_mailbox *mb;
    cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    list(mb, &whole);
    cr_assert_eq(whole.count, 7);
    cr_assert_eq(whole.at[3].file, 2);
    for (size_t from = 0; from < whole.count; from++) {
        cr_assert_eq(bounce_mailbox_open(folder, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
        cr_assert_eq(bounce_mailbox_set_start(mb, &whole.at[from], NULL), BOUNCE_OK);
        list(mb, &rest);
        check_tail(&whole, from, &rest);
    }
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
}

Test(start, without_an_index)
{
    bounce_mailbox *mb;
    bounce_view v;
    const bounce_position second = {0, sizeof DATED "\n" DATED - 1, BOUNCE_NO_NUMBER};
    int fd;
    mb = open_box(boxes[5], IN_MEMORY, &fd);
    cr_assert_eq(bounce_mailbox_set_start(mb, &second, NULL), BOUNCE_OK);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
        cr_assert_eq(v.index, BOUNCE_NO_NUMBER);
    }
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
}

Test(start, what_is_refused)
{
    bounce_error error;
    int fd;
    bounce_view v;
    bounce_position p = {0, 100, 0};
    cr_assert_eq(bounce_mailbox_set_start(NULL, &p, NULL), BOUNCE_ERROR_ARGUMENT);
    bounce_mailbox *mb = open_box("x", IN_MEMORY, &fd);
    cr_assert_eq(bounce_mailbox_set_start(mb, NULL, NULL), BOUNCE_ERROR_ARGUMENT);
    cr_assert_eq(bounce_mailbox_set_start(mb, &p, &error), BOUNCE_ERROR_ARGUMENT);
    cr_assert_str_eq(error.message, "the start is beyond the end");
    p = (bounce_position){1, 0, 0};
    cr_assert_eq(bounce_mailbox_set_start(mb, &p, NULL), BOUNCE_ERROR_ARGUMENT);
    bounce_mailbox_next(mb, &v, NULL);
    p = (bounce_position){0, 0, 0};
    cr_assert_eq(bounce_mailbox_set_start(mb, &p, NULL), BOUNCE_ERROR_ARGUMENT, "too late");
    bounce_mailbox_close(mb);
    bounce_mailbox_position(NULL, &p);
    bounce_mailbox_position(NULL, NULL);
    bounce_mailbox_stop(NULL);
    /* How long a pipe is, is not known before it is read. */
    mb = open_box("x", IN_PIPE, &fd);
    p = (bounce_position){0, 100, 0};
    cr_assert_eq(bounce_mailbox_set_start(mb, &p, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, &error), BOUNCE_ERROR_IO);
    cr_assert_str_eq(error.message, "the start is beyond the end");
    bounce_mailbox_close(mb);
    close(fd);
}

static void stop_at_second(void *data, int fd)
{
    static int waits;
    (void)fd;
    if (++waits == 2)
        bounce_mailbox_stop(data);
}

/* Reading a pipe that stays open stops where it would wait. */
Test(start, a_wait_can_be_ended)
{
    static const char text[] = DATED "a\n\n" DATED "b";
    int ends[2];
    bounce_mailbox *mb;
    bounce_view v;
    bounce_position p;
    cr_assert_eq(pipe(ends), 0);
    cr_assert_eq(write(ends[1], text, sizeof text - 1), (ssize_t)(sizeof text - 1));
    cr_assert_eq(bounce_mailbox_open_fd(ends[0], NULL, BOUNCE_FORMAT_AUTO, 0, &mb, NULL), BOUNCE_OK);
    bounce_mailbox_on_wait(mb, stop_at_second, mb);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_OK);
    bounce_mailbox_position(mb, &p);
    cr_assert_eq(p.offset, sizeof DATED "a\n\n" DATED - 1);
    cr_assert_eq(p.index, 1);
    cr_assert_eq(bounce_mailbox_next(mb, &v, NULL), BOUNCE_END);
    bounce_mailbox_close(mb);
    close(ends[0]);
    close(ends[1]);
}

/* SPDX-License-Identifier: MIT */
/*
 * follow_maildir.c - a Maildir that receives mail.
 *
 * In: the path of a Maildir. Out: each of its mails once, those already there in order of their names; then, until a
 * signal, new ones. A mail is identified by its name without the flags, so it may be moved from new/ to cur/. Refused:
 * anything but a Maildir, and mails that cannot be read.
 */
#define _GNU_SOURCE 1 /* st_mtim */
#include "input/follow_maildir.h"

#include "input/mail_file.h"
#include "input/seen.h"
#include "jobs/interrupt.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_MS = 250, SAVE_MAILS = 1000, SETTLED_S = 2, PATH_BYTES = 4096 };

static const char *const folders[] = {"new", "cur"};
enum { FOLDERS = sizeof folders / sizeof *folders };

struct inbox {
    struct jobs *jobs;
    const char *path;
    uint64_t keep_bytes;
    struct seen seen;
    struct timespec changed[FOLDERS]; /* when it was last listed */
    time_t listed_s;
    size_t unsaved;
};

static void save(struct inbox *b, bool ended)
{
    jobs_flush(b->jobs);
    b->unsaved = 0;
    if (!jobs_output_failed(b->jobs) && !seen_save(&b->seen, ended))
        jobs_unreadable(b->jobs, b->seen.state->path, strerror(errno));
}

static void out_of_memory(struct inbox *b)
{
    jobs_unreadable(b->jobs, b->path, strerror(ENOMEM));
}

/* A mail that was moved since the folder was listed is found under its new name next time. */
static void read_file(struct inbox *b, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s/%s/%s", b->path, folder, name);
    int fd = n > 0 && n < PATH_BYTES ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    struct stat st;
    if (fd < 0 && errno == ENOENT)
        return;
    if (fd < 0)
        jobs_unreadable(b->jobs, path, strerror(errno));
    else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        read_mail_file(b->jobs, fd, path, b->keep_bytes);
    if (fd >= 0)
        close(fd);
    if (!seen_add(&b->seen, name))
        out_of_memory(b);
    if (++b->unsaved >= SAVE_MAILS)
        save(b, false);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_folder(struct inbox *b, const char *folder)
{
    char path[PATH_BYTES];
    struct dirent **entries;
    int n = snprintf(path, sizeof path, "%s/%s", b->path, folder);
    int count = n > 0 && n < PATH_BYTES ? scandir(path, &entries, NULL, by_bytes) : -1;
    if (count < 0)
        jobs_unreadable(b->jobs, path, strerror(errno));
    for (int i = 0; i < count; i++) {
        bool wanted = entries[i]->d_name[0] != '.' && !seen_has(&b->seen, entries[i]->d_name);
        if (wanted && !interrupt_signal() && !jobs_output_failed(b->jobs))
            read_file(b, folder, entries[i]->d_name);
        free(entries[i]);
    }
    if (count >= 0)
        free((void *)entries);
}

/* Whether mail may have arrived since the folders were listed. A folder that changed just before counts too, since two
 * changes may have the same timestamp. */
static bool has_changed(struct inbox *b)
{
    bool changed = false;
    for (size_t i = 0; i < FOLDERS; i++) {
        char path[PATH_BYTES];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", b->path, folders[i]);
        if (stat(path, &st) != 0)
            continue;
        changed = changed || st.st_mtim.tv_sec != b->changed[i].tv_sec || st.st_mtim.tv_nsec != b->changed[i].tv_nsec ||
                  b->listed_s - st.st_mtim.tv_sec < SETTLED_S;
        b->changed[i] = st.st_mtim;
    }
    if (changed)
        b->listed_s = time(NULL);
    return changed;
}

static void read_changes(struct inbox *b)
{
    if (!has_changed(b))
        return;
    for (size_t i = 0; i < FOLDERS; i++)
        read_folder(b, folders[i]);
    if (b->unsaved)
        save(b, false);
}

void follow_maildir(struct jobs *j, const char *path, const struct follow_options *options, uint64_t keep_bytes,
                    struct going_on *going_on)
{
    struct inbox b = {.jobs = j, .path = path, .keep_bytes = keep_bytes};
    const char *wrong = seen_begin(&b.seen, options->state, path);
    if (wrong) {
        jobs_unreadable(j, options->state->path, wrong);
        seen_end(&b.seen);
        return;
    }
    read_changes(&b);
    while (options->waits && !interrupt_signal() && !jobs_output_failed(j)) {
        jobs_flush(j);
        poll(&(struct pollfd){.fd = interrupt_fd(), .events = POLLIN}, 1, WAIT_MS);
        if (!interrupt_signal())
            read_changes(&b);
    }
    save(&b, true);
    seen_end(&b.seen);
    *going_on = (struct going_on){.path = path,
                                  .wanted = interrupt_signal() != 0,
                                  .is_kept = options->state != NULL,
                                  .is_followed = options->state == NULL};
}

/* SPDX-License-Identifier: MIT */
/*
 * follow_log.c - a log that grows, through rotation and from run to run.
 *
 * In: the path of a log. Out: its lines, passed on; at its end what is written later, until a signal. When another file
 * is at the path, or the file was truncated, the rotated file is read to its end, then all newer ones in order,
 * compressed or not. With a state a later run resumes after the last line whose results were written; earlier lines and
 * the previous file are read again for facts about senders, without output. Refused: anything but a file.
 */
#include "input/follow_log.h"

#include "input/log_lines.h"
#include "input/rotated.h"
#include "jobs/classify_log.h"
#include "jobs/interrupt.h"
#include "output/complain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WAIT_MS = 250, QUIET_WAITS = 8, SAVE_BYTES = 4 * 1024 * 1024 };

struct followed {
    struct jobs *jobs;
    const char *path;
    const struct follow_options *options;
    struct log_lines lines;
    bool open;
    bool failed;            /* the last open file could not be read to its end */
    uint64_t device, inode; /* of the open or failed file */
    struct log_place place; /* in the open file, or in the last one */
    uint64_t saved;         /* bytes of it that had been read at the last save */
};

/* ---------------------------------------------------------------- places */

/* Call it while the file is open. Keeps the old place until reading has reached it. */
static void note_place(struct followed *f)
{
    struct log_place *p = &f->place;
    if (f->lines.offset < f->lines.from || !f->lines.head_bytes)
        return;
    p->device = f->device;
    p->inode = f->inode;
    p->offset = f->lines.offset;
    p->head_bytes = f->lines.head_bytes < p->offset ? f->lines.head_bytes : p->offset;
    p->head_sum = log_state_sum(f->lines.head, (size_t)p->head_bytes);
}

/* First writes all results of what was handed in. */
static void save(struct followed *f, bool ended)
{
    jobs_flush(f->jobs);
    f->saved = f->lines.read;
    if (f->options->state && !jobs_output_failed(f->jobs) && !log_state_save(f->options->state, &f->place, ended))
        jobs_unreadable(f->jobs, f->options->state->path, strerror(errno));
}

/* Whether the file, unpacked, begins with the bytes that the place remembers. */
static bool has_head(int fd, const struct log_place *p)
{
    unsigned char head[LOG_HEAD_BYTES + 16];
    size_t n = 0, got = 1;
    bounce_input *input;
    if (p->head_bytes > LOG_HEAD_BYTES || bounce_input_open_fd(fd, &input, NULL) != BOUNCE_OK)
        return false;
    while (n < p->head_bytes && bounce_input_read(input, head + n, sizeof head - n, &got, NULL) == BOUNCE_OK)
        n += got;
    bounce_input_close(input);
    return n >= p->head_bytes && log_state_sum(head, (size_t)p->head_bytes) == p->head_sum;
}

enum { OTHER_FILE, SAME_CONTENT, SAME_FILE };

static int compare_file(const char *path, const struct log_place *p)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), same = OTHER_FILE;
    if (fd < 0)
        return OTHER_FILE;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && has_head(fd, p)) {
        bool inode = (uint64_t)st.st_dev == p->device && (uint64_t)st.st_ino == p->inode;
        same = inode ? SAME_FILE : p->head_bytes ? SAME_CONTENT : OTHER_FILE;
    }
    close(fd);
    return same;
}

/* Which of these files the place is in; paths->count: none of them. */
static size_t locate(const struct paths *paths, const struct log_place *p)
{
    size_t found = paths->count;
    for (size_t i = paths->count; i-- > 0;) {
        int same = compare_file(paths->all[i], p);
        if (same == SAME_FILE)
            return i;
        if (same == SAME_CONTENT && found == paths->count)
            found = i;
    }
    return found;
}

/* The oldest file that was modified since the place was saved; if there is none, the log itself. */
static size_t oldest_since(const struct paths *paths, const struct log_place *p)
{
    struct stat st;
    for (size_t i = 0; i + 1 < paths->count; i++)
        if (stat(paths->all[i], &st) == 0 && (uint64_t)st.st_mtime >= p->saved_s)
            return i;
    return paths->count ? paths->count - 1 : 0;
}

/* --------------------------------------------------------------- reading */

/* fd: as open() returned it. Returns false after a message, except that a missing log is no error if it is waited
 * for. */
static bool take_file(struct followed *f, const char *path, int fd)
{
    struct stat st;
    f->open = f->failed = false;
    if (fd < 0 && errno == ENOENT && f->options->waits)
        return false;
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        jobs_unreadable(f->jobs, path, fd < 0 ? strerror(errno) : "only a file can be followed");
        if (fd >= 0)
            close(fd);
        return false;
    }
    f->open = log_lines_open(&f->lines, f->jobs, fd, f->path);
    f->saved = 0;
    f->device = (uint64_t)st.st_dev;
    f->inode = (uint64_t)st.st_ino;
    return f->open;
}

static int open_to_read(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

static bool open_file(struct followed *f, const char *path)
{
    return take_file(f, path, open_to_read(path));
}

static void begin_file(struct followed *f)
{
    struct stat st;
    if (fstat(f->lines.fd, &st) == 0)
        classify_log_begin(f->jobs, (int64_t)st.st_mtime);
}

/* Reads what is available. False if nothing more can be read from this file. */
static bool read_on(struct followed *f)
{
    enum log_lines_read read = LOG_LINES_GO_ON;
    while (read == LOG_LINES_GO_ON && !jobs_output_failed(f->jobs) && !interrupt_signal()) {
        read = log_lines_read(&f->lines);
        note_place(f);
        if (f->lines.read - f->saved > SAVE_BYTES)
            save(f, false);
    }
    return read != LOG_LINES_FAILED;
}

static void end_file(struct followed *f, bool finished)
{
    if (finished) {
        log_lines_finish(&f->lines);
        note_place(f);
    }
    classify_log_end(f->jobs, f->path, finished && f->lines.any);
    log_lines_close(&f->lines);
    f->open = false;
    f->failed = !finished;
}

/* Reads the file before the place: its facts are kept, but nothing is shown. */
static void read_for_context(struct followed *f, const char *path)
{
    if (!open_file(f, path))
        return;
    begin_file(f);
    f->lines.from = UINT64_MAX;
    while (log_lines_read(&f->lines) == LOG_LINES_GO_ON && !interrupt_signal())
        continue;
    log_lines_finish(&f->lines);
    log_lines_close(&f->lines);
    f->open = false;
}

/* Reads what is available of a file, from an offset on. */
static void read_file(struct followed *f, const char *path, int fd, uint64_t from)
{
    if (!take_file(f, path, fd))
        return;
    begin_file(f);
    f->lines.from = from;
    if (!read_on(f))
        end_file(f, false);
}

static bool is_file(const char *path, uint64_t device, uint64_t inode)
{
    struct stat st;
    return stat(path, &st) == 0 && (uint64_t)st.st_dev == device && (uint64_t)st.st_ino == inode;
}

/* The path of the file that follows the current one; free it. If the current file is no longer found, the log itself is
 * next. NULL: none is. */
static char *next_path(const struct followed *f)
{
    struct paths paths = rotated_list(f->path);
    char *next = NULL;
    size_t at = 0;
    if (f->open || f->failed)
        for (at = paths.count; at > 0 && !is_file(paths.all[at - 1], f->device, f->inode);)
            at--;
    at = at > 0 ? at - 1 : locate(&paths, &f->place);
    if (at + 1 < paths.count)
        next = strdup(paths.all[at + 1]);
    else if (at == paths.count && at && strcmp(paths.all[at - 1], f->path) == 0)
        next = strdup(f->path);
    paths_free(&paths);
    return next;
}

/* Whether fd is still the next file: its name may have gone to another file in the meantime. */
static bool is_next(const struct followed *f, int fd)
{
    struct stat st;
    char *path = next_path(f);
    bool same = path && fstat(fd, &st) == 0 && is_file(path, (uint64_t)st.st_dev, (uint64_t)st.st_ino);
    free(path);
    return same;
}

/* A rotated file that cannot be read was reported; it is skipped, so that those after it are read. The log itself is
 * tried again. */
static void pass_over(struct followed *f, const char *path)
{
    struct stat st;
    if (strcmp(path, f->path) == 0 || stat(path, &st) != 0)
        return;
    f->failed = true;
    f->device = (uint64_t)st.st_dev;
    f->inode = (uint64_t)st.st_ino;
}

/* False if nothing follows the current file, or the next file cannot be read. */
static bool read_next(struct followed *f)
{
    char *path = next_path(f);
    if (!path)
        return false;
    int fd = open_to_read(path);
    const bool moved = fd < 0 ? errno == ENOENT : !is_next(f, fd);
    if (moved && fd >= 0)
        close(fd);
    if (!moved) {
        if (f->open)
            end_file(f, true);
        read_file(f, path, fd, 0);
        if (!f->open && !f->failed)
            pass_over(f, path);
    }
    free(path);
    return moved || f->open || f->failed;
}

/* The current file is complete: reads the files after it, and what is available of the last. Files are rotated while
 * others are read, so the next one is looked up anew each time. */
static void read_newer(struct followed *f)
{
    enum { FILES_MOST = 10000 };
    for (int i = 0; i < FILES_MOST && !interrupt_signal() && !jobs_output_failed(f->jobs); i++)
        if (!read_next(f))
            return;
}

/* ----------------------------------------------------------- from run to run */

/* Resumes where the state says. */
static void begin_at_state(struct followed *f, const struct log_place *p)
{
    struct paths paths = rotated_list(f->path);
    size_t at = locate(&paths, p);
    bool lost = at == paths.count;
    if (lost) {
        at = oldest_since(&paths, p);
        jobs_unreadable(f->jobs, f->options->state->path,
                        "the file that it names is gone; reading continues with what was written since");
    }
    if (at > 0 && at < paths.count)
        read_for_context(f, paths.all[at - 1]);
    if (!lost) { /* files may have been rotated in the meantime */
        paths_free(&paths);
        paths = rotated_list(f->path);
        at = locate(&paths, p);
    }
    if (at < paths.count)
        read_file(f, paths.all[at], open_to_read(paths.all[at]), lost ? 0 : p->offset);
    paths_free(&paths);
    read_newer(f);
}

static void begin(struct followed *f)
{
    const struct log_state *s = f->options->state;
    if (s && s->found) {
        f->place = s->place;
        begin_at_state(f, &s->place);
        return;
    }
    read_file(f, f->path, open_to_read(f->path), f->options->from);
}

/* --------------------------------------------------------------- following */

/* Goes on after the place in the file at path, which continues the current file under whatever name. */
static void continue_in(struct followed *f, const char *path, bool cut)
{
    struct log_lines old = f->lines;
    bool was_open = f->open;
    if (was_open && !cut && compare_file(path, &f->place) == SAME_FILE) {
        read_on(f);
        return;
    }
    if (!open_file(f, path)) {
        f->open = was_open;
        return;
    }
    f->lines.skip = f->place.offset;
    f->lines.from = was_open && old.from > f->place.offset ? old.from : f->place.offset;
    if (was_open)
        log_lines_close(&old);
    read_on(f);
}

/* The current file was renamed, or copied and truncated: reads on after its place, then all newer files. */
static void go_to_next(struct followed *f, bool cut)
{
    if (f->open && !cut)
        read_on(f); /* what was written in the meantime */
    if (f->open && !cut)
        note_place(f);
    struct paths paths = rotated_list(f->path);
    size_t at = locate(&paths, &f->place);
    if (at < paths.count) {
        continue_in(f, paths.all[at], cut);
    } else if (cut) {
        complain(f->path, "warning: it was truncated; what was written just before may be missing");
        if (f->open)
            end_file(f, true);
    }
    paths_free(&paths);
    read_newer(f);
}

enum change { NO_CHANGE, GREW, CUT, REPLACED };

/* Also true if the file has grown again since. */
static bool was_cut(const struct log_lines *l, uint64_t bytes)
{
    unsigned char head[LOG_HEAD_BYTES];
    size_t n = l->head_bytes;
    return bytes < l->read ||
           (bytes > l->read && (pread(l->fd, head, n, 0) != (ssize_t)n || memcmp(head, l->head, n) != 0));
}

static enum change look(const struct followed *f)
{
    struct stat at_path, open;
    bool there = stat(f->path, &at_path) == 0;
    if (!f->open)
        return there ? REPLACED : NO_CHANGE;
    if (fstat(f->lines.fd, &open) != 0)
        return NO_CHANGE;
    bool packed = bounce_input_packing(f->lines.input) != NULL;
    if (!packed && was_cut(&f->lines, (uint64_t)open.st_size))
        return CUT;
    if (!packed && (uint64_t)open.st_size > f->lines.read)
        return GREW;
    return there && (at_path.st_ino != open.st_ino || at_path.st_dev != open.st_dev) ? REPLACED : NO_CHANGE;
}

/* The writer may still have the old file open: leave it once the new one has data, or after some time. */
static bool may_leave(const struct followed *f, unsigned quiet)
{
    struct stat st;
    return !f->open || quiet >= QUIET_WAITS || (stat(f->path, &st) == 0 && st.st_size > 0);
}

static void take_change(struct followed *f, enum change change, unsigned *quiet)
{
    struct stat st;
    *quiet = change == REPLACED ? *quiet + 1 : 0;
    switch (change) {
    case NO_CHANGE: return;
    case GREW:
        if (fstat(f->lines.fd, &st) == 0)
            classify_log_written(f->jobs, (int64_t)st.st_mtime);
        if (!read_on(f))
            end_file(f, false);
        break;
    case CUT: go_to_next(f, true); break;
    case REPLACED:
        if (!may_leave(f, *quiet))
            return;
        go_to_next(f, false);
        *quiet = 0;
        break;
    }
    if (f->open)
        note_place(f);
    save(f, false);
}

static void wait_for_changes(struct followed *f)
{
    unsigned quiet = 0;
    while (!interrupt_signal() && !jobs_output_failed(f->jobs)) {
        poll(&(struct pollfd){.fd = interrupt_fd(), .events = POLLIN}, 1, WAIT_MS);
        if (!interrupt_signal())
            take_change(f, look(f), &quiet);
    }
}

void follow_log(struct jobs *j, const char *path, const struct follow_options *options, struct going_on *going_on)
{
    struct followed f = {
        .jobs = j, .path = path, .options = options, .lines = {.fd = -1}, .place = {.offset = options->from}};
    begin(&f);
    if (f.open)
        note_place(&f);
    save(&f, false);
    if (options->waits)
        wait_for_changes(&f);
    if (f.open) {
        note_place(&f);
        /* A line without an end may be continued in the next run. */
        end_file(&f, !options->state && !interrupt_signal());
    }
    save(&f, true);
    *going_on = (struct going_on){.path = path,
                                  .wanted = interrupt_signal() != 0,
                                  .is_kept = options->state != NULL,
                                  .at = {.offset = f.place.offset, .index = BOUNCE_NO_NUMBER}};
}

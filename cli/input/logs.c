/* SPDX-License-Identifier: MIT */
/*
 * logs.c - lines from the logs of mail servers.
 *
 * In: paths of logs, read in their order as one log. Out: one line after another, passed on to be read. For a part, or
 * after a start, only the results of these lines are shown; earlier lines are still read, since they name the senders.
 * A signal ends it after a line. Refused: unreadable inputs, a file without a known line, and parts of what has no
 * length; each is reported on standard error and counted, and the next one is tried.
 */
#include "input/logs.h"

#include "input/follow_log.h"
#include "input/log_lines.h"
#include "input/rotated.h"
#include "jobs/classify_log.h"
#include "jobs/interrupt.h"
#include "jobs/log_origins.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The offset at which a part begins; for part == parts, the end of the last one. */
static uint64_t part_begin(uint64_t length, uint32_t part, uint32_t parts)
{
    return length / parts * part + length % parts * part / parts;
}

/* Chooses the range of a file that is wanted. NULL, or why that is impossible. */
static const char *choose(struct log_lines *l, const struct stat *st, const struct log_options *o)
{
    bool has_length = S_ISREG(st->st_mode) && !bounce_input_packing(l->input);
    off_t begun = has_length ? lseek(l->fd, 0, SEEK_CUR) : 0;
    uint64_t length = (uint64_t)st->st_size - (uint64_t)(begun > 0 ? begun : 0);
    if (o->shards && !has_length)
        return bounce_input_packing(l->input) ? "compressed input cannot be read in shards; unpack it first"
                                              : "only a file can be read in shards";
    if (o->shards) {
        l->from = part_begin(length, o->shard - 1, o->shards);
        l->until = part_begin(length, o->shard, o->shards);
    }
    if (!o->start)
        return NULL;
    if (o->start->file > 0)
        return "not a folder: it has no file to begin at";
    if (has_length && o->start->offset > length)
        return "the start is beyond the end";
    l->from = l->from > o->start->offset ? l->from : o->start->offset;
    return NULL;
}

/* last: nothing after the wanted range matters. False after a message. */
static bool read_lines(struct log_lines *l, bool last)
{
    enum log_lines_read read = LOG_LINES_GO_ON;
    while (read == LOG_LINES_GO_ON && !jobs_output_failed(l->jobs) && !interrupt_signal() &&
           !(last && l->offset >= l->until))
        read = log_lines_read(l);
    if (read == LOG_LINES_END)
        log_lines_finish(l);
    return read != LOG_LINES_FAILED;
}

static void read_log(struct jobs *j, const char *path, const struct log_options *o, bool last,
                     struct going_on *going_on)
{
    struct log_lines l;
    struct stat st;
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    *going_on = (struct going_on){.path = path, .at = {.index = BOUNCE_NO_NUMBER}};
    if (fd < 0 || fstat(fd, &st) != 0) {
        jobs_unreadable(j, path ? path : "standard input", strerror(errno));
        if (path && fd >= 0)
            close(fd);
        return;
    }
    if (!log_lines_open(&l, j, fd, path))
        return;
    const char *wrong = choose(&l, &st, o);
    classify_log_begin(j, S_ISREG(st.st_mode) ? (int64_t)st.st_mtime : -1);
    if (wrong)
        jobs_unreadable(j, log_lines_subject(&l), wrong);
    if (j->origins && !log_origins_add(j->origins, &(struct log_origin){path, l.from, l.until}))
        j->origins = NULL;
    bool whole = !wrong && read_lines(&l, last);
    if (whole && l.offset < l.from && !interrupt_signal()) /* a pipe, or compressed */
        jobs_unreadable(j, log_lines_subject(&l), "the start is beyond the end");
    classify_log_end(j, log_lines_subject(&l), l.any && whole);
    going_on->at.offset = l.offset > l.from ? l.offset : l.from;
    going_on->wanted = interrupt_signal() != 0;
    log_lines_close(&l);
}

static void follow(struct jobs *j, const char *path, const struct log_options *o, struct going_on *going_on)
{
    const struct follow_options options = {o->follow, o->state, o->start ? o->start->offset : 0};
    follow_log(j, path, &options, going_on);
}

static const char *path_of(const char *input)
{
    return strcmp(input, "-") == 0 ? NULL : input;
}

static void read_all(struct jobs *j, char **inputs, size_t count, const struct log_options *options,
                     struct going_on *going_on)
{
    struct log_options each = *options;
    /* With --final, a line after the wanted part may complete an entry of that part. */
    bool may_stop = !options->final;
    if (count == 0)
        read_log(j, NULL, &each, may_stop, going_on);
    for (size_t i = 0; i < count && !jobs_output_failed(j) && !going_on->wanted; i++) {
        if ((each.follow && i + 1 == count) || each.state)
            follow(j, inputs[i], &each, going_on);
        else
            read_log(j, path_of(inputs[i]), &each, may_stop && i + 1 == count, going_on);
        going_on->inputs_after = count - i - 1;
        each.start = NULL;
    }
}

void read_logs(struct jobs *j, char **inputs, size_t count, const struct log_options *options,
               struct going_on *going_on)
{
    struct log_origins origins = {NULL, 0, 0};
    *going_on = (struct going_on){0};
    rotated_sort(inputs, count);
    if (options->final && !options->follow && !options->state)
        j->origins = &origins;
    read_all(j, inputs, count, options, going_on);
    if (!options->state) /* with a state, messages may end in the next run */
        classify_logs_end(j, count ? path_of(inputs[count - 1]) : NULL, options->shard == options->shards);
    j->origins = NULL;
    log_origins_free(&origins);
}

/* SPDX-License-Identifier: MIT */
/*
 * record.c - the command record.
 *
 * In: the lines of bounce-classify --format json, from files or standard input. Out: the ledger, a batch at a time; on
 * standard error how many recipients there were; with --dry-run, who would be suppressed, paused or held, and why.
 * Refused: lines that are not a valid object, each with its number; the rest is recorded, and the exit status is 1.
 */
#include "commands/record.h"

#include "lines/lines.h"
#include "output/complain.h"
#include "store/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recording {
    struct session *session;
    struct recorder *recorder;
    struct verdict_reader reader;
    uint64_t bad_lines;
    int64_t last_change; /* before a dry run */
    bool stopped;        /* the database has a problem */
    bool unreadable;     /* a file could not be read */
};

static void commit(struct recording *r)
{
    if (!r->stopped && !recorder_commit(r->recorder))
        r->stopped = true;
}

static void tell_bad_line(struct recording *r, const struct lines *lines, const char *problem)
{
    lines_complain(lines, problem);
    r->bad_lines++;
}

/* If a line does not fit into the batch, it is read again into the next one. */
static void read_line(struct recording *r, const struct lines *lines, const char *line, size_t length)
{
    const char *problem = NULL;
    for (bool again = true; again && !r->stopped;) {
        recorder_mark(r->recorder);
        enum verdict_status status =
            verdict_read(&r->reader, line, length, recorder_pool(r->recorder), recorder_add, r->recorder, &problem);
        again = status == VERDICT_READ && recorder_is_overfull(r->recorder);
        again = again || status == VERDICT_POOL_FULL;
        if (again) {
            if (!recorder_go_back(r->recorder)) {
                tell_bad_line(r, lines, "more recipients than a batch has: use a bigger --batch");
                again = false;
            }
            commit(r);
        } else if (status != VERDICT_READ) {
            tell_bad_line(r, lines, problem);
        }
    }
}

static void read_file(struct recording *r, const char *path)
{
    struct lines lines;
    enum line_result result = LINE_NONE_YET;
    char *line;
    size_t length;
    if (!lines_open(&lines, path)) {
        r->unreadable = true;
        return;
    }
    while (!r->stopped && (result = lines_next(&lines, false, &line, &length)) != LINE_END) {
        if (result == LINE_NONE_YET)
            commit(r);
        else if (result == LINE_TOO_LONG)
            tell_bad_line(r, &lines, "the line is too long");
        else if (!line_is_blank(line))
            read_line(r, &lines, line, length);
        if (recorder_is_full(r->recorder))
            commit(r);
    }
    if (!lines_close(&lines))
        r->unreadable = true;
}

static void tell_counts(const struct recording *r)
{
    const struct recorder_counts *c = recorder_counts(r->recorder);
    fprintf(stderr, "recipients %llu: new %llu, known %llu, unresolved %llu, no delivery %llu; bad lines %llu\n",
            (unsigned long long)c->recipients, (unsigned long long)c->recorded, (unsigned long long)c->known,
            (unsigned long long)c->unresolved, (unsigned long long)c->ignored, (unsigned long long)r->bad_lines);
}

static int finish(struct recording *r)
{
    struct session *s = r->session;
    if (s->settings->dry_run && !r->stopped)
        session_show_dry(s, r->last_change);
    else if (!r->stopped && !recorder_tick(r->recorder))
        r->stopped = true;
    if (r->stopped && !db_problem(s->db)) {
        complain(NULL, strerror(ENOMEM));
        return EXIT_READ_OR_WRITE;
    }
    if (!r->stopped && !s->settings->quiet)
        tell_counts(r);
    return session_status(s, r->bad_lines || r->unreadable ? EXIT_READ_OR_WRITE : 0);
}

int command_record(struct session *s)
{
    struct recording r = {.session = s, .reader = {s->settings->scope_from, s->settings->now}};
    char *standard_input[] = {"-"};
    char **paths = s->settings->count > 1 ? s->settings->arguments + 1 : standard_input;
    size_t count = s->settings->count > 1 ? s->settings->count - 1 : 1;
    r.recorder = session_recorder(s);
    if (!r.recorder)
        return EXIT_READ_OR_WRITE;
    if (s->settings->dry_run)
        r.last_change = session_last_change(s);
    for (size_t i = 0; i < count && !r.stopped; i++)
        read_file(&r, paths[i]);
    commit(&r);
    int status = finish(&r);
    recorder_free(r.recorder);
    return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * classify_log.c - lines of logs.
 *
 * In: lines, and where each file begins and ends. Out: the wanted entries, passed on to be judged by this process or a
 * worker; at the end of a file its warnings on standard error. One process reads all lines, since a line may complete
 * an earlier one. Refused: a file without a known line; it counts as unreadable.
 */
#include "jobs/classify_log.h"

#include "jobs/log_origins.h"
#include "output/complain.h"
#include "output/progress.h"

#include <stdio.h>
#include <time.h>

/* For an entry that may have waited for the end of its message: sets which log it is from, and returns whether its own
 * line is wanted. */
static bool find_origin(const struct jobs *j, bounce_source *source)
{
    const struct log_origin *file = log_origins_of(j->origins, bounce_log_entry_file(j->classifier->log));
    source->path = file ? file->path : NULL;
    return !file || (source->offset >= file->from && source->offset < file->until);
}

static void take_entries(struct jobs *j, const char *path, bool wanted)
{
    const void *bytes;
    size_t length;
    bounce_source source;
    while (bounce_log_next_entry(j->classifier->log, &bytes, &length, &source) == BOUNCE_OK) {
        source.path = path;
        if (j->origins ? find_origin(j, &source) : wanted)
            jobs_add(j, bytes, length, &source);
    }
}

void classify_log_begin(struct jobs *j, int64_t written)
{
    bounce_log_file(j->classifier->log, written >= 0 ? written : (int64_t)time(NULL));
}

void classify_log_written(struct jobs *j, int64_t written)
{
    bounce_log_written(j->classifier->log, written);
}

void classify_log_line(struct jobs *j, const void *bytes, size_t length, const char *path, bool wanted)
{
    progress_add(length);
    bounce_log_line(j->classifier->log, bytes, length, NULL);
    take_entries(j, path, wanted);
}

void classify_log_end(struct jobs *j, const char *subject, bool lines)
{
    const bounce_log *log = j->classifier->log;
    for (size_t i = 0; i < bounce_log_warnings(log); i++) {
        char text[256];
        snprintf(text, sizeof text, "warning: %s", bounce_log_warning_text(log, i));
        complain(subject, text);
    }
    if (lines && !bounce_log_software(log))
        jobs_unreadable(j, subject, "no line of it is from a known mail server's log");
}

void classify_logs_end(struct jobs *j, const char *path, bool wanted)
{
    bounce_log_end(j->classifier->log);
    take_entries(j, path, wanted);
}

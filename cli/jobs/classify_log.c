/* SPDX-License-Identifier: MIT */
/*
 * classify_log.c - lines of logs, read one by one by this process.
 *
 * In: lines, and where each file begins and ends. Out: results, rendered; at the end of a file its warnings on
 * standard error. One process reads them all, since a line may tell what an earlier one left open. Refused: a
 * file of which no line is known; it counts as unreadable.
 */
#include "jobs/classify_log.h"

#include "output/complain.h"
#include "output/progress.h"

#include <stdio.h>
#include <time.h>

static void render_all(struct classifier *c, const char *path)
{
    bounce_report *report;
    bounce_source source;
    while (bounce_log_next(c->log, &report, &source) == BOUNCE_OK) {
        source.path = path;
        render_report(&c->renderer, report, &source);
        bounce_report_free(report);
    }
}

void classify_log_begin(struct classifier *c, int64_t written)
{
    bounce_log_file(c->log, written >= 0 ? written : (int64_t)time(NULL));
}

void classify_log_line(struct classifier *c, const void *bytes, size_t length, const char *path)
{
    progress_add(length);
    bounce_log_line(c->log, bytes, length, NULL);
    render_all(c, path);
}

void classify_log_end(struct classifier *c, const char *subject, bool lines)
{
    for (size_t i = 0; i < bounce_log_warnings(c->log); i++) {
        char text[256];
        snprintf(text, sizeof text, "warning: %s", bounce_log_warning_text(c->log, i));
        complain(subject, text);
    }
    if (lines && !bounce_log_software(c->log))
        classify_unreadable(c, subject, "no line of it is of a mail server's log that is known");
}

void classify_logs_end(struct classifier *c)
{
    bounce_log_end(c->log);
    render_all(c, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * events.c - events of sending services from files and standard input.
 *
 * In: paths of files of JSON. Out: one event after another, read by the library in this process and passed on as a
 * report. Refused: unreadable inputs, including folders, and broken documents; each is reported on standard error and
 * counted, and the next one is read. The number of events from unknown services is reported at the end of each input.
 */
#include "input/events.h"

#include "jobs/interrupt.h"
#include "output/complain.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 256 * 1024 };

/* One input being read. */
struct event_reader {
    struct jobs *jobs;
    const char *path; /* NULL: standard input */
    bounce_input *input;
    uint64_t unknown; /* events of no known service */
    uint64_t index;   /* of the next document */
};

static const char *name_of(const struct event_reader *r)
{
    return r->path ? r->path : "standard input";
}

/* Hands in what the library can parse of the input so far. */
static void take_events(struct event_reader *r)
{
    bounce_events *events = r->jobs->classifier->events;
    bounce_report *report;
    bounce_source source;
    bounce_error error;
    bounce_status status;
    while ((status = bounce_events_next(events, &report, &source, &error)) != BOUNCE_END) {
        if (status != BOUNCE_OK) {
            jobs_unreadable(r->jobs, name_of(r), error.message);
            if (status != BOUNCE_ERROR_SYNTAX)
                return;
            continue;
        }
        source.path = r->path;
        r->index = source.index + 1;
        r->unknown += bounce_report_string(report, BOUNCE_REPORT_SERVICE_NAME) == NULL;
        jobs_add_report(r->jobs, report, &source);
    }
}

static void on_wait(void *data, int fd)
{
    const struct event_reader *r = data;
    jobs_wait_for_input(r->jobs, fd);
    if (interrupt_signal())
        bounce_input_stop(r->input);
}

static void read_blocks(struct event_reader *r)
{
    static char block[BLOCK_BYTES];
    bounce_error error;
    bounce_status status = BOUNCE_OK;
    size_t got;
    bounce_input_on_wait(r->input, on_wait, r);
    while (!jobs_output_failed(r->jobs) && !interrupt_signal() &&
           (status = bounce_input_read(r->input, block, sizeof block, &got, &error)) == BOUNCE_OK) {
        bounce_events_add(r->jobs->classifier->events, block, got);
        take_events(r);
    }
    if (status == BOUNCE_ERROR_IO)
        jobs_unreadable(r->jobs, name_of(r), error.message);
}

static void tell_unknown(const struct event_reader *r)
{
    char text[96];
    snprintf(text, sizeof text, "%llu events from unknown services; nothing was read from them",
             (unsigned long long)r->unknown);
    if (r->unknown)
        complain(name_of(r), text);
}

static void read_input(struct jobs *j, const char *path, struct going_on *going_on)
{
    struct event_reader r = {.jobs = j, .path = path};
    int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    bounce_error error;
    if (fd < 0)
        jobs_unreadable(j, name_of(&r), strerror(errno));
    else if (bounce_input_open_fd(fd, &r.input, &error) != BOUNCE_OK)
        jobs_unreadable(j, name_of(&r), error.message);
    else
        read_blocks(&r);
    if (interrupt_signal())
        *going_on = (struct going_on){.wanted = true, .is_event = true, .path = path, .at = {.index = r.index}};
    bounce_events_finish(j->classifier->events);
    if (!interrupt_signal())
        take_events(&r);
    tell_unknown(&r);
    bounce_input_close(r.input);
    if (path && fd >= 0)
        close(fd);
}

void read_events(struct jobs *j, char **inputs, size_t count, struct going_on *going_on)
{
    *going_on = (struct going_on){0};
    if (count == 0)
        read_input(j, NULL, going_on);
    for (size_t i = 0; i < count && !jobs_output_failed(j) && !going_on->wanted; i++)
        read_input(j, strcmp(inputs[i], "-") == 0 ? NULL : inputs[i], going_on);
    j->classifier->renderer.totals.messages += bounce_events_skipped(j->classifier->events);
}

/* SPDX-License-Identifier: MIT */
/* classify.h - mails or replies classified one by one, by this process. */
#ifndef CLI_JOBS_CLASSIFY_H
#define CLI_JOBS_CLASSIFY_H

#include "bounce.h"
#include "jobs/job_source.h"
#include "render/render.h"
#include "sandbox/sandbox.h"

/* One stream of results. Each worker has its own. */
struct classifier {
    bounce_parser *parser;
    bounce_context *context; /* what is known about the replies; NULL: the input is mail */
    bounce_log *log;         /* NULL: the input is not a log */
    struct renderer renderer;
    bounce_events *events;         /* NULL: the input is not events */
    bool delivered;                /* also show events of deliveries */
    const struct sandbox *sandbox; /* the sandbox of the program; NULL: none */
};

void classify(struct classifier *c, const void *bytes, size_t length, const bounce_source *source);
/* Classifies a message, or reports what is wrong with it. */
void classify_item(struct classifier *c, const struct job_item *item);
/* Reports that a message has no result, and why. */
void classify_left_out(struct classifier *c, const bounce_source *source, const char *why);
/* See jobs_add_report(). */
void classify_event(struct classifier *c, bounce_report *report, const bounce_source *source);
/* See jobs_unreadable(). */
void classify_unreadable(struct classifier *c, const char *subject, const char *message);

#endif

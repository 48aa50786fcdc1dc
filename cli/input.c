/* SPDX-License-Identifier: MIT */
/*
 * input.c - mails, mailboxes and folders: read, classified, rendered one by
 * one. What cannot be read is named on standard error and counted, and the
 * next is tried.
 */
#include "cli.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct input {
    const char *path; /* NULL: standard input */
    bounce_mailbox *mailbox;
    bool may_wait; /* a pipe or terminal: results so far should be seen */
};

/* Messages of the library begin with the path. */
static void unreadable(struct session *s, const struct input *in, const bounce_error *error)
{
    complain(in->path ? NULL : "standard input", error->message);
    s->totals.unreadable++;
}

static bool open_input(struct session *s, struct input *in, const char *argument)
{
    const struct settings *set = s->settings;
    bounce_error error;
    struct stat st;
    bounce_status status;
    /* One byte more than the parser takes lets it see that a mail goes on. */
    uint64_t keep = set->max_message_bytes + 1;
    *in = (struct input){0};
    if (strcmp(argument, "-") == 0) {
        in->may_wait = fstat(STDIN_FILENO, &st) == 0 && !S_ISREG(st.st_mode);
        status = bounce_mailbox_open_fd(STDIN_FILENO, NULL, set->input_format, keep, &in->mailbox, &error);
    } else {
        in->path = argument;
        status = bounce_mailbox_open(argument, set->input_format, keep, &in->mailbox, &error);
    }
    if (status != BOUNCE_OK)
        unreadable(s, in, &error);
    return status == BOUNCE_OK;
}

static void classify_message(struct session *s, const bounce_view *view)
{
    bounce_report *report;
    if (bounce_parse(s->parser, view->bytes, view->length, &report, NULL) != BOUNCE_OK)
        return;
    bounce_source source = {view->path, view->index, view->offset, view->true_length};
    render_report(s, report, &source);
    bounce_report_free(report);
}

static void classify_input(struct session *s, const char *argument)
{
    struct input in;
    if (!open_input(s, &in, argument))
        return;
    bounce_status status = BOUNCE_OK;
    while (status != BOUNCE_END && !s->out->error_number) {
        bounce_view view;
        bounce_error error;
        if (in.may_wait)
            flush_if_waiting(s->out, STDIN_FILENO);
        status = bounce_mailbox_next(in.mailbox, &view, &error);
        if (status == BOUNCE_OK)
            classify_message(s, &view);
        else if (status != BOUNCE_END)
            unreadable(s, &in, &error);
    }
    bounce_mailbox_close(in.mailbox);
}

void classify_inputs(struct session *s)
{
    const struct settings *set = s->settings;
    if (set->input_count == 0)
        classify_input(s, "-");
    for (size_t i = 0; i < set->input_count && !s->out->error_number; i++)
        classify_input(s, set->inputs[i]);
}

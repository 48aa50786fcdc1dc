/* SPDX-License-Identifier: MIT */
/*
 * mails.c - mails out of files, mailboxes, folders and standard input.
 *
 * In: paths. Out: one mail after the other, handed in to be classified.
 * Refused: what cannot be read or is no mail; it is reported on standard error and counted,
 * and the next one is tried. Reading stops when nothing more can be written, and
 * at a signal: the message that is read then is not handed in.
 */
#include "input/mails.h"

#include "input/follow_maildir.h"
#include "input/mail_file.h"
#include "jobs/interrupt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* NULL: standard input. The library's messages about files begin with their path. */
static void unreadable(struct jobs *j, const char *path, const bounce_error *error)
{
    jobs_unreadable(j, path ? NULL : "standard input", error->message);
}

/* One input being read. */
struct input_reader {
    struct jobs *jobs;
    bounce_mailbox *mailbox;
};

static void on_wait(void *data, int fd)
{
    const struct input_reader *r = data;
    jobs_wait_for_input(r->jobs, fd);
    if (interrupt_signal())
        bounce_mailbox_stop(r->mailbox);
}

/* *mailbox is NULL after a failure. */
static bounce_status open_mailbox(const char *path, const struct mail_options *options, bounce_mailbox **mailbox,
                                  bounce_error *error)
{
    bounce_status status =
        path ? bounce_mailbox_open(path, options->format, options->keep_bytes, mailbox, error)
             : bounce_mailbox_open_fd(STDIN_FILENO, NULL, options->format, options->keep_bytes, mailbox, error);
    if (status == BOUNCE_OK && options->shards)
        status = bounce_mailbox_set_shard(*mailbox, options->shard - 1, options->shards, error);
    if (status == BOUNCE_OK && options->start)
        status = bounce_mailbox_set_start(*mailbox, options->start, error);
    if (status == BOUNCE_OK)
        return status;
    bounce_mailbox_close(*mailbox);
    *mailbox = NULL;
    return status;
}

/* A log that was given without --log would be ordinary mail. */
static bool is_log(const struct input_reader *r, const char *path, const bounce_view *view)
{
    static const bounce_error error = {.message = "is the log of a mail server; --log reads it"};
    char message[256];
    if (view->index != 0 || view->offset != 0 || !bounce_log_is_known(view->bytes, view->length))
        return false;
    if (view->path) {
        bounce_error named = error;
        snprintf(message, sizeof message, "%.150s: %s", view->path, error.message);
        memcpy(named.message, message, sizeof message);
        unreadable(r->jobs, path, &named);
    } else {
        unreadable(r->jobs, path, &error);
    }
    return true;
}

/* Hands in message after message. True if a signal has left the last one that was read, or what a pipe would still
 * give. */
static bool read_mailbox(struct input_reader *r, const char *path)
{
    bounce_status status = BOUNCE_OK;
    /* While a pipe or terminal is silent, what is known should be seen. */
    bounce_mailbox_on_wait(r->mailbox, on_wait, r);
    while (status != BOUNCE_END && !jobs_output_failed(r->jobs)) {
        bounce_view view;
        bounce_error error;
        status = bounce_mailbox_next(r->mailbox, &view, &error);
        if (status == BOUNCE_OK && interrupt_signal())
            return true;
        if (status == BOUNCE_OK && is_log(r, path, &view))
            return false;
        if (status == BOUNCE_OK)
            mail_file_hand_in(r->jobs, &view);
        else if (status != BOUNCE_END)
            unreadable(r->jobs, path, &error);
    }
    return false;
}

static void read_input(struct jobs *j, const char *path, const struct mail_options *options, struct going_on *going_on)
{
    struct input_reader r = {j, NULL};
    bounce_error error;
    *going_on = (struct going_on){.path = path};
    if (options->start)
        going_on->at = *options->start;
    if (interrupt_signal()) {
        going_on->wanted = true;
    } else if (open_mailbox(path, options, &r.mailbox, &error) == BOUNCE_OK) {
        going_on->wanted = read_mailbox(&r, path);
        bounce_mailbox_position(r.mailbox, &going_on->at);
    } else if (interrupt_signal()) {
        going_on->wanted = true; /* while a pipe was waited for that nobody writes to */
    } else {
        unreadable(j, path, &error);
    }
    bounce_mailbox_close(r.mailbox);
}

static void follow(struct jobs *j, const char *path, const struct mail_options *o, struct going_on *going_on)
{
    const struct follow_options options = {.waits = o->follow, .state = o->state};
    follow_maildir(j, path, &options, o->keep_bytes, going_on);
}

void read_mails(struct jobs *j, char **inputs, size_t count, const struct mail_options *options,
                struct going_on *going_on)
{
    struct mail_options each = *options;
    *going_on = (struct going_on){0};
    if (count == 0)
        read_input(j, NULL, &each, going_on);
    for (size_t i = 0; i < count && !jobs_output_failed(j) && !going_on->wanted; i++) {
        if ((each.follow && i + 1 == count) || each.state)
            follow(j, inputs[i], &each, going_on);
        else
            read_input(j, strcmp(inputs[i], "-") == 0 ? NULL : inputs[i], &each, going_on);
        going_on->inputs_after = count - i - 1;
        each.start = NULL;
    }
}

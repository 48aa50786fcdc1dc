/* SPDX-License-Identifier: MIT */
/*
 * mails.c - mails from files, mailboxes, folders and standard input.
 *
 * In: paths. Out: one mail after another, passed on to be classified. Refused: what cannot be read or is not mail; it
 * is reported on standard error and counted, and the next one is tried. Reading stops when nothing more can be written,
 * and on a signal: the message being read is then not passed on.
 */
#include "input/mails.h"

#include "input/follow_maildir.h"
#include "input/mail_file.h"
#include "input/mail_input.h"
#include "input/mail_ranges.h"
#include "jobs/interrupt.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* path NULL: standard input. The library's messages about files begin with their path. */
static void unreadable(struct jobs *j, const char *path, const bounce_error *error)
{
    jobs_unreadable(j, path ? NULL : "standard input", error->message);
}

/* One input being read. */
struct input_reader {
    struct jobs *jobs;
    struct mail_input input;
    uint64_t mails, bytes; /* read so far */
    uint64_t end;          /* of the last message in the file */
    bool is_alone;         /* workers do not help with it */
};

static void on_wait(void *data, int fd)
{
    const struct input_reader *r = data;
    jobs_wait_for_input(r->jobs, fd);
    if (interrupt_signal())
        bounce_mailbox_stop(r->input.mailbox);
}

/* A log that was given without --log would pass for ordinary mail. */
static bool is_log(const struct input_reader *r, const char *path, const bounce_view *view)
{
    bounce_error error;
    const char *log = mail_input_is_log(view);
    if (!log)
        return false;
    if (view->path)
        snprintf(error.message, sizeof error.message, "%.150s: %s", view->path, log);
    else
        snprintf(error.message, sizeof error.message, "%s", log);
    unreadable(r->jobs, path, &error);
    return true;
}

/* True if workers can read the rest by themselves: of a file that is long enough, or of a folder that is not small. */
static bool can_be_shared(const struct input_reader *r)
{
    const struct mail_input *in = &r->input;
    if (r->is_alone || r->mails == 0 || (in->fd < 0 && !in->is_folder))
        return false;
    return in->is_folder ? jobs_can_read(r->jobs, r->bytes, r->mails)
                         : jobs_can_read(r->jobs, in->length > r->end ? in->length - r->end : 0, 0);
}

/* Hands in message after message. True if a signal ended it while something was left to read. */
static bool read_mailbox(struct input_reader *r, const char *path)
{
    bounce_status status = BOUNCE_OK;
    bounce_mailbox *mailbox = r->input.mailbox;
    /* While a pipe or terminal is silent, show the results so far. */
    bounce_mailbox_on_wait(mailbox, on_wait, r);
    while (status != BOUNCE_END && !jobs_output_failed(r->jobs)) {
        bounce_view view;
        bounce_error error;
        if (can_be_shared(r)) {
            if (mail_ranges_read(r->jobs, &r->input))
                return false;
            if (interrupt_signal() && !jobs_output_failed(r->jobs))
                return true;
            r->is_alone = true; /* there are no workers, or they cannot read it */
        }
        status = bounce_mailbox_next(mailbox, &view, &error);
        if (status == BOUNCE_OK && interrupt_signal())
            return true;
        if (status == BOUNCE_OK && is_log(r, path, &view))
            return false;
        if (status == BOUNCE_OK)
            mail_file_hand_in(r->jobs, &view);
        else if (status != BOUNCE_END)
            unreadable(r->jobs, path, &error);
        r->mails += status == BOUNCE_OK;
        r->bytes += view.true_length;
        r->end = view.offset + view.true_length;
    }
    return false;
}

static void read_input(struct jobs *j, const char *path, const struct mail_options *options, struct going_on *going_on)
{
    struct input_reader r = {.jobs = j, .input = {.path = path, .options = options}};
    bounce_error error;
    *going_on = (struct going_on){.path = path};
    if (options->start)
        going_on->at = *options->start;
    if (interrupt_signal()) {
        going_on->wanted = true;
    } else if (mail_input_open(&r.input, &error) == BOUNCE_OK) {
        going_on->wanted = read_mailbox(&r, path);
        bounce_mailbox_position(r.input.mailbox, &going_on->at);
        mail_input_close(&r.input);
    } else if (interrupt_signal()) {
        going_on->wanted = true; /* a signal came while a pipe without a writer was being opened */
    } else {
        unreadable(j, path, &error);
    }
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

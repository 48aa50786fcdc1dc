/* SPDX-License-Identifier: MIT */
/*
 * input.c - mails, mailboxes and folders: read, classified, rendered one by
 * one. What cannot be read is named on standard error and counted, and the
 * next is tried.
 */
#include "cli.h"

#include <string.h>
#include <unistd.h>

struct input {
    const char *path; /* NULL: standard input */
    bounce_mailbox *mailbox;
};

/* Messages of the library begin with the path. */
static void unreadable(struct session *s, const struct input *in, const bounce_error *error)
{
    complain(in->path ? NULL : "standard input", error->message);
    s->totals.unreadable++;
}

static void on_wait(void *session, int fd)
{
    wait_for_input(session, fd);
}

static bool open_input(struct session *s, struct input *in, const char *argument)
{
    const struct settings *set = s->settings;
    bounce_error error;
    bounce_status status;
    /* One byte more than the parser takes lets it see that a mail goes on. */
    uint64_t keep = set->max_message_bytes + 1;
    *in = (struct input){0};
    if (strcmp(argument, "-") == 0) {
        status = bounce_mailbox_open_fd(STDIN_FILENO, NULL, set->input_format, keep, &in->mailbox, &error);
    } else {
        in->path = argument;
        status = bounce_mailbox_open(argument, set->input_format, keep, &in->mailbox, &error);
    }
    if (status == BOUNCE_OK && set->shards)
        status = bounce_mailbox_set_shard(in->mailbox, set->shard - 1, set->shards, &error);
    if (status != BOUNCE_OK) {
        unreadable(s, in, &error);
        bounce_mailbox_close(in->mailbox);
        return false;
    }
    /* While a pipe or terminal is silent, what is known should be seen. */
    bounce_mailbox_on_wait(in->mailbox, on_wait, s);
    return true;
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
        status = bounce_mailbox_next(in.mailbox, &view, &error);
        bounce_source source = {view.path, view.index, view.offset, view.true_length};
        if (status == BOUNCE_OK)
            classify(s, view.bytes, view.length, &source);
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

/* SPDX-License-Identifier: MIT */
/*
 * mails.c - mails out of files, mailboxes, folders and standard input.
 *
 * In: paths. Out: one mail after the other, handed in to be classified.
 * Refused: what cannot be read; it is reported on standard error and counted,
 * and the next one is tried. Reading stops when nothing more can be written.
 */
#include "input/mails.h"

#include <string.h>
#include <unistd.h>

/* NULL: standard input. The library's messages about files begin with their path. */
static void unreadable(struct jobs *j, const char *path, const bounce_error *error)
{
    jobs_unreadable(j, path ? NULL : "standard input", error->message);
}

static void on_wait(void *jobs, int fd)
{
    jobs_wait_for_input(jobs, fd);
}

/* NULL after a message. */
static bounce_mailbox *open_mailbox(struct jobs *j, const char *path, const struct mail_options *options)
{
    bounce_mailbox *mailbox = NULL;
    bounce_error error;
    bounce_status status =
        path ? bounce_mailbox_open(path, options->format, options->keep_bytes, &mailbox, &error)
             : bounce_mailbox_open_fd(STDIN_FILENO, NULL, options->format, options->keep_bytes, &mailbox, &error);
    if (status == BOUNCE_OK && options->shards)
        status = bounce_mailbox_set_shard(mailbox, options->shard - 1, options->shards, &error);
    if (status != BOUNCE_OK) {
        unreadable(j, path, &error);
        bounce_mailbox_close(mailbox);
        return NULL;
    }
    /* While a pipe or terminal is silent, what is known should be seen. */
    bounce_mailbox_on_wait(mailbox, on_wait, j);
    return mailbox;
}

static void hand_in(struct jobs *j, const bounce_view *view)
{
    bounce_source source = {view->path, view->index, view->offset, view->true_length};
    jobs_add(j, view->bytes, view->length, &source);
}

static void read_input(struct jobs *j, const char *path, const struct mail_options *options)
{
    bounce_mailbox *mailbox = open_mailbox(j, path, options);
    bounce_status status = mailbox ? BOUNCE_OK : BOUNCE_END;
    while (status != BOUNCE_END && !jobs_output_failed(j)) {
        bounce_view view;
        bounce_error error;
        status = bounce_mailbox_next(mailbox, &view, &error);
        if (status == BOUNCE_OK)
            hand_in(j, &view);
        else if (status != BOUNCE_END)
            unreadable(j, path, &error);
    }
    bounce_mailbox_close(mailbox);
}

void read_mails(struct jobs *j, char **inputs, size_t count, const struct mail_options *options)
{
    if (count == 0)
        read_input(j, NULL, options);
    for (size_t i = 0; i < count && !jobs_output_failed(j); i++)
        read_input(j, strcmp(inputs[i], "-") == 0 ? NULL : inputs[i], options);
}

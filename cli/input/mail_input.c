/* SPDX-License-Identifier: MIT */
/*
 * mail_input.c - one input of mails.
 *
 * In: a path, or standard input, and what to read from it. Out: an open mailbox; for a regular file also its
 * descriptor, which workers can share, since they do not use its position. Refused: what cannot be opened, and parts of
 * what has none.
 */
#include "input/mail_input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The descriptor if it is a regular file; else -1. */
static int open_file(struct mail_input *input)
{
    struct stat st;
    bool as_folder = input->options->format == BOUNCE_FORMAT_MAILDIR || input->options->format == BOUNCE_FORMAT_FOLDER;
    int found = input->path ? stat(input->path, &st) : fstat(STDIN_FILENO, &st);
    input->is_folder = found == 0 && S_ISDIR(st.st_mode);
    if (as_folder || found != 0 || !S_ISREG(st.st_mode))
        return -1;
    input->length = (uint64_t)st.st_size;
    return input->path ? open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
                       : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
}

bounce_status mail_input_open(struct mail_input *input, bounce_error *error)
{
    const struct mail_options *o = input->options;
    const char *path = input->path;
    input->mailbox = NULL;
    input->fd = open_file(input);
    bounce_status status =
        input->fd >= 0 ? bounce_mailbox_open_fd(input->fd, path, o->format, o->keep_bytes, &input->mailbox, error)
        : path         ? bounce_mailbox_open(path, o->format, o->keep_bytes, &input->mailbox, error)
                       : bounce_mailbox_open_fd(STDIN_FILENO, NULL, o->format, o->keep_bytes, &input->mailbox, error);
    if (status == BOUNCE_OK && o->shards)
        status = bounce_mailbox_set_shard(input->mailbox, o->shard - 1, o->shards, error);
    if (status == BOUNCE_OK && o->start)
        status = bounce_mailbox_set_start(input->mailbox, o->start, error);
    if (status != BOUNCE_OK)
        mail_input_close(input);
    return status;
}

void mail_input_close(struct mail_input *input)
{
    bounce_mailbox_close(input->mailbox);
    input->mailbox = NULL;
    if (input->fd >= 0)
        close(input->fd);
    input->fd = -1;
}

const char *mail_input_is_log(const bounce_view *view)
{
    if (view->index != 0 || view->offset != 0 || !bounce_log_is_known(view->bytes, view->length))
        return NULL;
    return "is the log of a mail server; --log reads it";
}

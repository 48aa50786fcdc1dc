/* SPDX-License-Identifier: MIT */
/*
 * each_mail.c - mails one by one, without workers, for modes that read few of them.
 *
 * In: a path of a mail, mailbox or folder, or "-". Out: each message, in order.
 * Refused, with a message: what cannot be opened or read.
 */
#include "each_mail.h"

#include "output/complain.h"

#include <string.h>
#include <unistd.h>

bool each_mail(const char *path, bounce_format format, uint64_t max_bytes, mail_fn *fn, void *data)
{
    bool is_stdin = strcmp(path, "-") == 0, good = true;
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    bounce_status status = is_stdin ? bounce_mailbox_open_fd(STDIN_FILENO, NULL, format, max_bytes, &mailbox, &error)
                                    : bounce_mailbox_open(path, format, max_bytes, &mailbox, &error);
    if (status != BOUNCE_OK) {
        complain(NULL, error.message);
        return false;
    }
    while ((status = bounce_mailbox_next(mailbox, &view, &error)) != BOUNCE_END) {
        if (status == BOUNCE_OK)
            fn(data, &view);
        else
            complain(NULL, error.message);
        good = good && status == BOUNCE_OK;
    }
    bounce_mailbox_close(mailbox);
    return good;
}

/* SPDX-License-Identifier: MIT */
/*
 * mail_file.c - one mail, as it comes from a file or mailbox.
 *
 * In: a view of it, or its open file. Out: the mail, passed on to be classified. Refused: anything but mail; it is
 * named on standard error and counted.
 */
#include "input/mail_file.h"

#include "input/no_mail.h"

#include <string.h>

/* JSON posted by a service is not mail, and must not be taken for ordinary mail. */
static bool is_events(const bounce_view *view)
{
    size_t at = 0;
    while (at < view->length && memchr(" \t\r\n\xef\xbb\xbf", view->bytes[at], 7))
        at++;
    return at < view->length && (view->bytes[at] == '{' || view->bytes[at] == '[') &&
           bounce_events_seem(view->bytes, view->length);
}

void mail_file_item(const bounce_view *view, struct job_item *item)
{
    *item = (struct job_item){.bytes = view->bytes,
                              .length = view->length,
                              .source = {view->path, view->index, view->offset, view->true_length},
                              .subject = view->path ? view->path : "standard input"};
    if (is_events(view))
        item->wrong = "JSON, like the events of sending services, not mail; use --events";
    else if (view->offset == 0)
        item->wrong = no_mail(view->bytes, view->length);
}

void mail_file_hand_in(struct jobs *j, const bounce_view *view)
{
    struct job_item item;
    mail_file_item(view, &item);
    if (item.wrong)
        jobs_unreadable(j, item.subject, item.wrong);
    else
        jobs_add(j, item.bytes, item.length, &item.source);
}

void read_mail_file(struct jobs *j, int fd, const char *path, uint64_t keep_bytes)
{
    bounce_mailbox *mailbox;
    bounce_error error;
    bounce_view view;
    bounce_status status = bounce_mailbox_open_fd(fd, path, BOUNCE_FORMAT_MAIL, keep_bytes, &mailbox, &error);
    while (status == BOUNCE_OK)
        if ((status = bounce_mailbox_next(mailbox, &view, &error)) == BOUNCE_OK)
            mail_file_hand_in(j, &view);
    if (status != BOUNCE_END)
        jobs_unreadable(j, path, error.message);
    bounce_mailbox_close(mailbox);
}

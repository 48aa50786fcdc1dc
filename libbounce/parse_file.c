/* SPDX-License-Identifier: MIT */
/*
 * parse_file.c - bounce_parse_file(): the report of a file that holds one message.
 *
 * In: a path. Out: the report of its message; an empty file is an empty message. Refused,
 * with an error: what cannot be opened or read, and folders.
 */
#include "base/error.h"
#include "parser.h"

bounce_status bounce_parse_file(bounce_parser *parser, const char *path, bounce_report **report, bounce_error *error)
{
    bounce_mailbox *mailbox;
    bounce_view view = {0};
    if (report)
        *report = NULL;
    if (!parser || !path || !report)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_parse_file: parser, path or report is NULL");
    /* One byte more than is parsed, so that the report can warn. */
    uint64_t most = parser->options.max_message_bytes + 1;
    bounce_status status = bounce_mailbox_open(path, BOUNCE_FORMAT_MAIL, most, &mailbox, error);
    if (status != BOUNCE_OK)
        return status;
    status = bounce_mailbox_next(mailbox, &view, error);
    if (status == BOUNCE_OK || status == BOUNCE_END)
        status = bounce_parse(parser, view.bytes, view.length, report, error);
    bounce_mailbox_close(mailbox);
    return status;
}

/* SPDX-License-Identifier: MIT */
/*
 * parse_reply.c - judges one SMTP reply (RFC 5321 4.2).
 *
 * In: its text and what the caller knows beside it. Out: a report of kind
 * reply with one recipient.
 */
#include "address.h"
#include "parser.h"
#include "reading.h"
#include "verdict.h"

/* The address that a reply itself names, if it names just one. */
static const char *address_in_reply(struct bounce_report *r, struct span text)
{
    struct found_address found;
    for (size_t pos = 0; address_next(text, &pos, &found);)
        if (found.bracketed && !address_is_system(found.address))
            return arena_strndup(&r->arena, found.address.s, found.address.n);
    return NULL;
}

bounce_status bounce_parse_reply(bounce_parser *parser, const char *text, size_t length, const bounce_context *context,
                                 bounce_report **report, bounce_error *error)
{
    if (report)
        *report = NULL;
    if (!parser || !report || (!text && length)) {
        parse_fail(error, BOUNCE_ERROR_ARGUMENT, "bounce_parse_reply: parser, report or text is NULL");
        return BOUNCE_ERROR_ARGUMENT;
    }
    arena_reset(&parser->scratch);
    struct bounce_report *r = report_new(parser);
    r->kind = BOUNCE_KIND_REPLY;
    struct span decoded = text_decode(&parser->scratch, span_of(text, length), NULL, NULL);
    struct bounce_recipient *to = report_add_recipient(r);
    to->action = BOUNCE_ACTION_FAILED;
    const char *known = context ? context->recipient : NULL;
    to->address = known ? arena_strdup(&r->arena, known) : address_in_reply(r, decoded);
    to->address_type = to->address ? "rfc822" : NULL;
    to->remote_mta = context ? arena_strdup(&r->arena, context->host) : NULL;
    struct span line = span_trim(decoded);
    if (span_starts_nocase(line, "smtp;")) {
        line = span_trim(span_of(line.s + 5, line.n - 5));
        to->diagnostic_type = "smtp";
    }
    struct reply reply;
    reply_read(&parser->scratch, line, &reply);
    to->diagnostic = arena_strndup(&r->arena, line.s, line.n);
    to->reply_code = reply.code;
    to->has_remote_reply = reply.code != 0;
    to->command = context && context->command ? context->command : reply.command;
    recipient_add_text(r, to, ORIGIN_REPLY, "reply", reply.inner);
    if (reply.inner.n != line.n)
        recipient_add_text(r, to, ORIGIN_DIAGNOSTIC, "reply", line);
    struct judge j = {.matcher = parser->matcher, .scratch = &parser->scratch, .report = r, .explain = parser->options.explain};
    verdict_judge(&j, to);
    settle_recipient(r, to);
    to->texts = NULL;
    *report = r;
    return BOUNCE_OK;
}

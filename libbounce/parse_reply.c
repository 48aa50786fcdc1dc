/* SPDX-License-Identifier: MIT */
/*
 * parse_reply.c - judges one SMTP reply (RFC 5321 4.2).
 *
 * In: its text and what else the caller knows. Out: a report of kind reply with one recipient.
 */
#include "parse_reply.h"
#include "base/chunk.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "mail/address.h"
#include "mail/address_names.h"
#include "mail/address_scan.h"
#include "parser.h"
#include "reading/block_shapes.h"
#include "reading/reading.h"
#include "text/octal.h"
#include "text/text.h"
#include "verdict/settle.h"
#include "verdict/verdict.h"

#include <string.h>

/* Whether an address in a reply may be the recipient, by the words around it. */
static bool may_be_recipient(const struct word_lists *words, struct span text, const struct found_address *found,
                             bool in_brackets)
{
    const struct span before = span_of(text.s, found->start);
    if (introduces_sender(words, before))
        return false;
    if (in_brackets)
        return found->bracketed && !address_is_system(found->address);
    return found->bracketed || (!word_search(words->of[WORDS_CONTACT], before, UINT64_MAX) &&
                                !span_starts_nocase(found->address, "abuse@"));
}

/* The address that a reply itself names, in its first spelling, if it names only one. in_brackets: only the sure ones,
 * "<joe@example.net>"; else also "[joe@example.net]", "mailbox joe@example.net unknown", and those of mail systems. */
static const char *address_in_reply(const struct word_lists *words, struct bounce_report *r, struct span text,
                                    bool in_brackets)
{
    struct found_address found;
    const char *address = NULL;
    if (!text.n || !memchr(text.s, '@', text.n))
        return NULL;
    if (address_left_out(text))
        report_warn(r, "long-address", "an address is longer than is read; it was left out");
    for (size_t pos = 0; address_next(text, &pos, &found);) {
        if (!may_be_recipient(words, text, &found, in_brackets))
            continue;
        const char *next = arena_strndup(&r->arena, found.address.s, found.address.n);
        if (!address)
            address = next;
        else if (!address_equal(address, next))
            return NULL;
    }
    return address;
}

/* A copy of what the caller states: any bytes, while all strings of a report are UTF-8. */
static const char *keep_stated(struct bounce_parser *parser, struct bounce_report *r, const char *value)
{
    if (!value)
        return NULL;
    struct span decoded = text_decode(&parser->scratch, span_z(value), NULL, NULL);
    /* A byte order mark alone leaves nothing. */
    return decoded.n ? arena_strndup(&r->arena, decoded.s, decoded.n) : NULL;
}

/* The bytes that decoding may change: escape sequences, CR, NUL, and bytes beyond ASCII. */
static chunk odd_bytes(chunk c)
{
    return chunk_unusual(c) & ~(chunk_equal(c, '\t') | chunk_equal(c, '\n'));
}

static bool is_plain(struct span text)
{
    if (text.n < CHUNK)
        return !(chunk_bits(odd_bytes(chunk_load_part(text.s, text.n))) & ((1u << text.n) - 1));
    chunk odd = odd_bytes(chunk_load(text.s + text.n - CHUNK)); /* the end first, then what is before it */
    for (; text.n >= CHUNK; text.s += CHUNK, text.n -= CHUNK)
        odd |= odd_bytes(chunk_load(text.s));
    return !chunk_bits(odd);
}

struct span reply_decode(struct bounce_parser *parser, struct bounce_report *r, struct span text)
{
    size_t kept = utf8_cut(text.s, text.n, (size_t)parser->options.max_message_bytes);
    if (kept < text.n)
        report_warn(r, "truncated", "the reply is longer than is parsed; the rest was not read");
    text.n = kept;
    return span_trim(
        text_unescape(&parser->scratch, is_plain(text) ? text : text_decode(&parser->scratch, text, NULL, NULL)));
}

/* 250, 251, 252, or a status of success alone. */
static bool is_success(const struct reply *reply)
{
    return reply->code ? reply->code / 10 == 25 : reply->status.class_ == 2;
}

void reply_set_texts(struct facts *to, struct fact_text texts[2], const struct reply *reply, struct span line,
                     const char *where)
{
    texts[0] = (struct fact_text){.origin = ORIGIN_REPLY,
                                  .where = where,
                                  .raw = span_trim(reply->inner),
                                  .is_read = true,
                                  .has_lines = true,
                                  .status = reply->inner_status};
    texts[1] = (struct fact_text){.origin = ORIGIN_DIAGNOSTIC,
                                  .where = where,
                                  .raw = line,
                                  .is_read = true,
                                  .has_lines = reply->has_lines,
                                  .status = reply->status};
    if (reply->inner.s > line.s)
        texts[0].front = span_of(line.s, (size_t)(reply->inner.s - line.s));
    if (reply->inner.n == line.n) {
        texts[0].has_lines = reply->has_lines;
        texts[0].status = reply->status;
    } else {
        texts[0].next = &texts[1];
    }
    to->texts = reply->inner.n ? texts : NULL;
}

/* "255", the exit status of a program, in the form that rules know. */
static struct span exit_status(struct arena *scratch, struct span line)
{
    if (!line.n || line.n > 3 || !ascii_is_digit(line.s[0]) || !ascii_is_digit(line.s[line.n - 1]))
        return line;
    return span_z(arena_printf(scratch, "exit status %.*s", (int)line.n, line.s));
}

struct judge reply_judge(struct bounce_parser *parser, struct bounce_report *r)
{
    return (struct judge){.matcher = parser->matcher,
                          .scratch = &parser->scratch,
                          .report = r,
                          .text_bytes = LIMIT_JUDGED_BYTES,
                          .words = ruleset_words(parser->rules),
                          .explain = parser->options.explain};
}

void reply_state_hosts(struct judge *j, struct stated *stated, struct span line)
{
    *stated = (struct stated){.phrase_count = 0};
    if (!matcher_masks(j->matcher))
        return;
    stated_add_domains(&stated->hosts, line);
    j->stated = stated;
}

void parse_reply_facts(struct judge *j, struct facts *to, struct span line, struct fact_text *texts)
{
    struct bounce_report *r = j->report;
    struct reply reply;
    if (reply_strip_type(&line)) {
        to->diagnostic_type = "smtp";
    } else if (span_starts_nocase(line, "x-unix;")) {
        line = exit_status(j->scratch, span_trim(span_of(line.s + 7, line.n - 7)));
        to->diagnostic_type = "x-unix";
    }
    unsigned wanted = (to->command ? 0u : REPLY_COMMAND) | (to->remote_mta ? 0u : REPLY_HOST);
    reply_read_parts(j->scratch, line, wanted, &reply);
    to->action = is_success(&reply) ? BOUNCE_ACTION_DELIVERED : BOUNCE_ACTION_FAILED;
    to->diagnostic = arena_strndup(&r->arena, line.s, line.n);
    to->reply_code = reply.code;
    to->has_remote_reply = reply.code != 0;
    if (!to->command)
        to->command = reply.command;
    if (!to->remote_mta)
        to->remote_mta = arena_strdup(&r->arena, reply.host);
    reply_set_texts(to, texts, &reply, line, "reply");
}

/* The address once the verdict is known: one in brackets is the sender's if the server refuses the sender, and one
 * without brackets is the recipient's if the recipient is at fault. */
static const char *confirmed_address(const struct word_lists *words, struct bounce_report *r, struct span line,
                                     const char *in_brackets, const struct verdict *v)
{
    if (v->reason == BOUNCE_REASON_SENDER_REJECTED || v->reason == BOUNCE_REASON_AUTH_FAILURE)
        return NULL;
    return in_brackets || v->group != BOUNCE_GROUP_RECIPIENT ? in_brackets : address_in_reply(words, r, line, false);
}

/* After a temporary refusal the client may try again: nothing has failed yet. The verdict knows the code, even if the
 * reply quotes another one. */
static bool is_deferral(const struct facts *facts, const struct verdict *v)
{
    if (facts->action != BOUNCE_ACTION_FAILED || v->permanent)
        return false;
    return facts->reply_code >= 400 || (!facts->reply_code && v->stated_status && v->stated_status[0] == '4');
}

/* A function of its own: in the caller, setjmp() would keep variables out of registers. */
static __attribute__((noinline)) bounce_report *parse_reply(bounce_parser *parser, struct span text,
                                                            const bounce_context *context)
{
    parser_begin(parser, &(struct match_budget){parser->options.max_text_steps, parser->options.max_message_steps});
    struct bounce_report *r = report_new(parser);
    r->machine = true;
    r->kind = BOUNCE_KIND_REPLY;
    struct bounce_recipient *recipient = report_add_recipient(r);
    struct facts *to = &recipient->facts;
    struct fact_text texts[2];
    struct span line = reply_decode(parser, r, text);
    const char *known = context ? keep_stated(parser, r, context->recipient) : NULL;
    struct judge j = reply_judge(parser, r);
    j.recipient_guessed = !known;
    struct stated stated;
    reply_state_hosts(&j, &stated, line);
    to->address = known ? known : address_in_reply(j.words, r, line, true);
    to->remote_mta = context ? keep_stated(parser, r, context->host) : NULL;
    to->command = context ? context->command : BOUNCE_COMMAND_NONE;
    parse_reply_facts(&j, to, line, texts);
    verdict_judge(&j, to, &recipient->verdict);
    if (!known)
        to->address = confirmed_address(j.words, r, line, to->address, &recipient->verdict);
    to->address_type = to->address ? "rfc822" : NULL;
    if (is_deferral(to, &recipient->verdict))
        to->action = BOUNCE_ACTION_DELAYED;
    recipient->to_suppress = to->address;
    settle_recipient(&j, to, &recipient->verdict);
    parse_warn_undecided(parser, r);
    to->texts = NULL;
    return parser_end(parser);
}

bounce_status bounce_parse_reply(bounce_parser *parser, const char *text, size_t length, const bounce_context *context,
                                 bounce_report **report, bounce_error *error)
{
    if (report)
        *report = NULL;
    if (!parser || !report || (!text && length))
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_parse_reply: parser, report or text is NULL");
    if (setjmp(parser->exit.place))
        return parser_fail(parser, error);
    *report = parse_reply(parser, span_of(text, length), context);
    return BOUNCE_OK;
}

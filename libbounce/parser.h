/* SPDX-License-Identifier: MIT */
/* parser.h - the context of a reply, and what parse.c and parse_reply.c share. */
#ifndef BOUNCE_PARSER_H
#define BOUNCE_PARSER_H

#include "base/arena.h"
#include "base/error.h"
#include "bounce.h"
#include "match/match.h"
#include "report/report.h"
#include "text/charset.h"

struct bounce_options {
    uint64_t max_message_bytes, max_text_steps, max_message_steps;
    bool explain, jit, dialects, prefilter, read_all, read_forwarded;
    char *verp;               /* g_free; NULL: none */
    char *authserv_id;        /* likewise */
    struct bounce_sent *sent; /* a reference; NULL: none */
    char **headers;           /* g_strfreev; asked for; NULL: none */
    size_t header_count;
};

struct bounce_parser {
    bounce_rules *rules;
    struct bounce_options options;
    struct matcher *matcher;      /* NULL after memory ran out, until the next message */
    struct arena_exit exit;       /* open while a message is read */
    struct bounce_report *report; /* likewise: what is to be freed if memory runs out */
    struct arena scratch;
    struct arena spare; /* of a report that was given back: for the next one */
    struct charsets_kept charsets;
    char *envelope_from, *envelope_to; /* of the next mails; g_free; NULL: not known */
};

struct bounce_context {
    bounce_command command;
    char *host, *recipient; /* g_free */
};

/* parser.c: a matcher, which a parser has but after parser_fail(). */
void parser_make_matcher(struct bounce_parser *parser);
/* Makes ready for one message, which may cost so much. Memory that runs out from now
 * on leads to the place in parser->exit. */
static inline void parser_begin(struct bounce_parser *parser, const struct match_budget *budget)
{
    parser->exit.open = true;
    arena_reset(&parser->scratch);
    if (!parser->matcher)
        parser_make_matcher(parser);
    matcher_begin(parser->matcher, budget);
}
/* The way out is closed, and the report handed over. */
static inline struct bounce_report *parser_end(struct bounce_parser *parser)
{
    struct bounce_report *report = parser->report;
    report->arena.exit = NULL;
    parser->report = NULL;
    parser->exit.open = false;
    return report;
}
/* parser.c: after the way out was taken: frees all that belonged to the message.
 * Returns BOUNCE_ERROR_MEMORY. */
bounce_status parser_fail(struct bounce_parser *parser, bounce_error *error);

/* An empty report with the digest of the parser's rules. */
struct bounce_report *report_new(struct bounce_parser *parser);

/* parse.c: whether the gate (reading/gate.c) lets a mail pass: it may be a report, and
 * its body is read. For tests and measurements. */
bool parse_passes_gate(struct bounce_parser *parser, const void *bytes, size_t length);
/* parse.c: warns of what was not decided in this message. */
void parse_warn_undecided(struct bounce_parser *parser, struct bounce_report *r);

#endif

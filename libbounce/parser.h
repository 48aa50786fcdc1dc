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
    char **headers;           /* requested; g_strfreev; NULL: none */
    size_t header_count;
};

struct bounce_parser {
    bounce_rules *rules;
    struct bounce_options options;
    struct matcher *matcher;      /* NULL after memory ran out, until the next message */
    struct arena_exit exit;       /* open while a message is read */
    struct bounce_report *report; /* likewise: what is to be freed if memory runs out */
    struct arena scratch;
    struct arena spare; /* of a report that was freed: for the next one */
    struct charsets_kept charsets;
    char *envelope_from, *envelope_to; /* of the next mails; g_free; NULL: not known */
};

struct bounce_context {
    bounce_command command;
    char *host, *recipient; /* g_free */
};

/* parser.c: makes the matcher, which a parser lacks only after parser_fail(). */
void parser_make_matcher(struct bounce_parser *parser);
/* Prepares for one message with this budget. From now on, memory that runs out leads to parser->exit. */
static inline void parser_begin(struct bounce_parser *parser, const struct match_budget *budget)
{
    parser->exit.open = true;
    arena_reset(&parser->scratch);
    if (!parser->matcher)
        parser_make_matcher(parser);
    matcher_begin(parser->matcher, budget);
}
/* Closes parser->exit, and hands over the report. */
static inline struct bounce_report *parser_end(struct bounce_parser *parser)
{
    struct bounce_report *report = parser->report;
    report->arena.exit = NULL;
    parser->report = NULL;
    parser->exit.open = false;
    return report;
}
/* parser.c: after a jump to parser->exit: frees everything of the message. Returns BOUNCE_ERROR_MEMORY. */
bounce_status parser_fail(struct bounce_parser *parser, bounce_error *error);

/* An empty report with the digest of the parser's rules. */
struct bounce_report *report_new(struct bounce_parser *parser);

/* parse.c: whether the gate (reading/gate.c) lets a mail pass, because it may be a report: then its body is read. For
 * tests and measurements. */
bool parse_passes_gate(struct bounce_parser *parser, const void *bytes, size_t length);
/* parse.c: warns about what was not decided in this message. */
void parse_warn_undecided(struct bounce_parser *parser, struct bounce_report *r);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * log_report.c - the report of one entry of a log.
 *
 * In: the entry of a line. Out: a report of kind log with one recipient, judged by the same rules as a mail. The
 * outcome is the one in the log: a delivery that it calls bounced has failed permanently, whatever the code.
 */
#include "log_report.h"

#include "base/limits.h"
#include "logs/log_dialect.h"
#include "mail/date.h"
#include "parse_reply.h"
#include "verdict/settle.h"
#include "verdict/verdict.h"

/* A copy in the report as UTF-8; NULL if it is not stated. */
static const char *keep(struct bounce_parser *parser, struct bounce_report *r, struct span s)
{
    if (!s.s)
        return NULL;
    struct span decoded = reply_decode(parser, r, s);
    return arena_strndup(&r->arena, decoded.s ? decoded.s : "", decoded.n);
}

/* NULL where nothing is stated: nothing at all, or only bytes that are no text. */
static const char *keep_stated(struct bounce_parser *parser, struct bounce_report *r, struct span s)
{
    const char *kept = s.n ? keep(parser, r, s) : NULL;
    return kept && *kept ? kept : NULL;
}

static void keep_strings(struct bounce_parser *parser, struct bounce_report *r, const struct log_entry *e,
                         int64_t seconds)
{
    r->strings[BOUNCE_REPORT_SOFTWARE] = arena_strdup(&r->arena, e->software);
    r->strings[BOUNCE_REPORT_REPORTING_MTA] = keep_stated(parser, r, e->host);
    r->strings[BOUNCE_REPORT_ORIGINAL_MESSAGE_ID] = keep_stated(parser, r, e->message_id);
    r->strings[BOUNCE_REPORT_QUEUE_ID] = keep_stated(parser, r, e->queue_id);
    r->strings[BOUNCE_REPORT_NEXT_QUEUE_ID] = keep_stated(parser, r, e->next_id);
    r->strings[BOUNCE_REPORT_ENVELOPE_FROM] =
        e->sender.n ? keep_stated(parser, r, e->sender) : keep(parser, r, e->sender);
    r->date = seconds;
    if (seconds != INT64_MIN)
        r->strings[BOUNCE_REPORT_DATE] = date_format(&r->arena, seconds);
}

/* The facts of the recipient, except the server's text. */
static void keep_recipient(struct bounce_parser *parser, struct bounce_report *r, const struct log_entry *e,
                           int64_t seconds, struct facts *to)
{
    to->address = keep_stated(parser, r, e->recipient);
    to->address_type = to->address ? "rfc822" : NULL;
    to->original = keep_stated(parser, r, e->original);
    to->remote_mta = keep_stated(parser, r, e->remote);
    to->action = e->action;
    to->command = e->command;
    to->attempts = e->attempts;
    if (!e->not_attempted)
        to->last_attempt = seconds;
    enhanced_parse(e->status, &to->field_status, NULL);
}

/* Reads the reply of a line, and returns its words without what Postfix adds, which names the command. */
static struct span read_reply(struct arena *scratch, struct span line, unsigned wanted, struct reply *reply)
{
    const struct log_list *commands = &bounce_log_postfix.commands;
    for (size_t i = 0; i < commands->count; i++) {
        const struct span added = commands->words[i].word;
        if (line.n <= added.n || memcmp(line.s + line.n - added.n, added.s, added.n) != 0)
            continue;
        struct span words = span_trim(span_of(line.s, line.n - added.n));
        reply_read_parts(scratch, words, wanted & ~(unsigned)REPLY_COMMAND, reply);
        reply->command = (bounce_command)commands->words[i].meaning;
        return words;
    }
    reply_read_parts(scratch, line, wanted, reply);
    return line;
}

/* "Command died with status 255" has no reply code: a text without one comes from the local server. */
static void read_text(struct bounce_parser *parser, struct bounce_report *r, const struct log_entry *e,
                      struct facts *to, struct fact_text texts[3])
{
    struct reply reply;
    struct span line = reply_decode(parser, r, e->text);
    if (!line.n)
        return;
    unsigned wanted = (to->command ? 0u : REPLY_COMMAND) | (to->remote_mta ? 0u : REPLY_HOST);
    const struct span words = read_reply(&parser->scratch, line, wanted, &reply);
    to->diagnostic = arena_strndup(&r->arena, line.s, line.n);
    to->diagnostic_type = reply.code ? "smtp" : NULL;
    to->reply_code = reply.code ? reply.code : e->reply_code;
    to->has_remote_reply = reply.code != 0;
    if (reply.status.class_ == 2) /* dsn= of Postfix may say more than the server did */
        to->field_status = (struct enhanced){0};
    if (!to->command)
        to->command = reply.command;
    if (!to->remote_mta)
        to->remote_mta = arena_strdup(&r->arena, reply.host);
    reply_set_texts(to, texts, &reply, words, "log");
}

/* "status=expired": what expired is before the last error. */
static void add_expiry(struct facts *to, struct fact_text *text)
{
    *text = (struct fact_text){
        .origin = ORIGIN_DIAGNOSTIC, .where = "log", .raw = SPAN("delivery time expired"), .next = to->texts};
    to->texts = text;
    to->reply_code = 0;
    to->has_remote_reply = false;
}

static void judge(struct bounce_parser *parser, struct bounce_report *r, const struct log_entry *e)
{
    struct bounce_recipient *recipient = r->recipients[0];
    struct facts *to = &recipient->facts;
    struct fact_text texts[3];
    struct stated stated;
    struct judge j = reply_judge(parser, r);
    j.software = e->software;
    read_text(parser, r, e, to, texts);
    if (e->expired)
        add_expiry(to, &texts[2]);
    reply_state_hosts(&j, &stated, e->text);
    if (j.stated)
        stated_add_domain(&stated.hosts, e->recipient);
    verdict_judge(&j, to, &recipient->verdict);
    if (to->action == BOUNCE_ACTION_FAILED)
        recipient->verdict.permanent = true;
    settle_recipient(&j, to, &recipient->verdict);
    if (e->delay_s >= 0)
        recipient->verdict.queued_for_s = e->delay_s;
    to->texts = NULL;
}

/* A function of its own: in the caller, setjmp() would keep variables out of registers. */
static __attribute__((noinline)) struct bounce_report *make(struct bounce_parser *parser, const struct log_entry *e,
                                                            int64_t seconds, uint64_t repeated)
{
    parser_begin(parser, &(struct match_budget){parser->options.max_text_steps, parser->options.max_message_steps});
    struct bounce_report *r = report_new(parser);
    r->kind = BOUNCE_KIND_LOG;
    r->machine = true;
    r->log = arena_calloc(&r->arena, 1, sizeof *r->log);
    r->log->attempted = !e->not_attempted;
    r->log->inbound = e->inbound;
    r->log->repeated = repeated;
    r->log->size = e->size;
    r->log->port = e->port;
    keep_strings(parser, r, e, seconds);
    r->log->remote_address = keep_stated(parser, r, e->address);
    struct bounce_recipient *recipient = report_add_recipient(r);
    recipient->log = r->log;
    keep_recipient(parser, r, e, seconds, &recipient->facts);
    recipient->to_suppress = recipient->facts.original ? recipient->facts.original : recipient->facts.address;
    judge(parser, r, e);
    parse_warn_undecided(parser, r);
    return parser_end(parser);
}

struct bounce_report *log_report_make(struct bounce_parser *parser, const struct log_entry *e, int64_t seconds,
                                      uint64_t repeated)
{
    if (setjmp(parser->exit.place)) {
        parser_fail(parser, NULL);
        return NULL;
    }
    return make(parser, e, seconds, repeated);
}

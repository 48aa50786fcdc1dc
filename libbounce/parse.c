/* SPDX-License-Identifier: MIT */
/*
 * parse.c - the path of one message: bytes, message, gate, findings, recipients, verdicts.
 *
 * In: the bytes of a mail. Out: a report, always; the only errors are those of
 * the arguments, and memory that runs out.
 */
#include "parse_sent.h"
#include "parser.h"
#include "reading/asked_headers.h"
#include "reading/gate.h"
#include "reading/kind.h"
#include "reading/lines.h"
#include "reading/to_suppress.h"
#include "reading/trace.h"
#include "reading/trust.h"
#include "reading/writer.h"
#include "verdict/settle.h"

#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "mail/address.h"
#include "mail/date.h"
#include "reading/header_addresses.h"
#include "reading/reading.h"
#include "text/header.h"
#include "verdict/verdict.h"

/* NULL, and *seconds INT64_MIN, if no date is stated. */
static const char *keep_date(struct reading *rd, const char *value, int64_t *seconds)
{
    if (!value || !date_parse(span_z(value), seconds)) {
        *seconds = INT64_MIN;
        return NULL;
    }
    return date_format(&rd->report->arena, *seconds);
}

/* A field of the header, decoded, in the report's arena; NULL if there is none.
 * The report shows it unless it is empty. */
static const char *keep_field(struct reading *rd, const char *z, bounce_report_field field)
{
    struct span name = span_z(z);
    struct span raw = fields_get(&rd->m.header, z), plain;
    rd->report->strings[field] = NULL;
    if (!raw.s)
        return NULL;
    const char *value = text_header_is_plain(raw, &plain)
                            ? arena_strndup(&rd->report->arena, plain.s, plain.n)
                            : arena_strdup(&rd->report->arena, message_field(&rd->m, &rd->m.header, name));
    if (*value)
        rd->report->strings[field] = value;
    return value;
}

/* "[EXTERNAL] ***SPAM*** Undelivered Mail": the prefixes of gateways are not part of the subject. */
static const char *without_marks(const struct reading *rd, const char *subject)
{
    const struct search_word *mark;
    if (!subject)
        return NULL;
    while ((mark = word_at_start(rd->words->of[WORDS_SUBJECT_MARK], span_z(subject))))
        for (subject += mark->text.n; *subject == ' ';)
            subject++;
    return subject;
}

/* Called again if the header turns out to begin further down: nothing of the first one remains. */
static void read_header(struct reading *rd)
{
    const char **s = rd->report->strings;
    rd->return_path = message_header(&rd->m, "Return-Path");
    rd->from = keep_field(rd, "From", BOUNCE_REPORT_FROM);
    rd->to = keep_field(rd, "To", BOUNCE_REPORT_TO);
    rd->subject = without_marks(rd, keep_field(rd, "Subject", BOUNCE_REPORT_SUBJECT));
    keep_field(rd, "Message-ID", BOUNCE_REPORT_MESSAGE_ID);
    s[BOUNCE_REPORT_DATE] = keep_date(rd, message_header(&rd->m, "Date"), &rd->report->date);
}

/* A copy that the report keeps; NULL for NULL and for an empty string. */
static const char *keep(struct reading *rd, const char *value)
{
    return value && *value ? arena_strdup(&rd->report->arena, value) : NULL;
}

static void read_original_header(struct reading *rd)
{
    static const struct {
        const char *name;
        bounce_report_field field;
    } wanted[] = {{"Message-ID", BOUNCE_REPORT_ORIGINAL_MESSAGE_ID},
                  {"From", BOUNCE_REPORT_ORIGINAL_FROM},
                  {"To", BOUNCE_REPORT_ORIGINAL_TO},
                  {"Subject", BOUNCE_REPORT_ORIGINAL_SUBJECT},
                  {"List-Id", BOUNCE_REPORT_ORIGINAL_LIST_ID},
                  {"Feedback-ID", BOUNCE_REPORT_ORIGINAL_FEEDBACK_ID}};
    for (size_t i = 0; i < COUNT(wanted); i++)
        rd->report->strings[wanted[i].field] = keep(rd, reading_original(rd, wanted[i].name));
    const char *list = rd->report->strings[BOUNCE_REPORT_ORIGINAL_LIST_ID];
    const char *open = list ? strrchr(list, '<') : NULL, *close = open ? strchr(open, '>') : NULL;
    if (close && close > open + 1) /* RFC 2919: the identifier is in brackets after the name */
        rd->report->strings[BOUNCE_REPORT_ORIGINAL_LIST_ID] =
            arena_strndup(&rd->report->arena, open + 1, (size_t)(close - open - 1));
    int64_t seconds;
    rd->report->strings[BOUNCE_REPORT_ORIGINAL_DATE] = keep_date(rd, reading_original(rd, "Date"), &seconds);
}

static void warn_flags(struct reading *rd)
{
    static const struct {
        unsigned flag;
        const char *id, *text;
    } flags[] = {
        {MESSAGE_TRUNCATED, "truncated", "the message is longer than is parsed; the rest was not read"},
        {MESSAGE_TOO_MANY_HEADERS, "too-many-headers", "the header has more lines than are read"},
        {MESSAGE_TOO_MANY_PARTS, "too-many-parts", "the message has more parts than are read"},
        {MESSAGE_TOO_DEEP, "too-deep", "the parts are nested deeper than is read"},
        {MESSAGE_BROKEN_MULTIPART, "broken-multipart", "the structure of the message is broken"},
        {MESSAGE_BAD_CHARSET, "bad-charset", "a charset is unknown or does not fit its text"},
        {MESSAGE_BAD_BYTES, "bad-bytes", "some bytes are not text in the charset stated"},
        {MESSAGE_TOO_MANY_BOUNDARIES, "too-many-boundaries", "the message has more boundary lines than are read"},
        {MESSAGE_NO_HEADER, "no-header", "the message does not begin with a header"},
        {MESSAGE_LONG_FIELD, "long-field", "a field is longer than is read; the rest of it was not read"}};
    for (size_t i = 0; i < COUNT(flags); i++)
        if (rd->m.flags & flags[i].flag)
            report_warn(rd->report, flags[i].id, flags[i].text);
}

/* "Undeliverable: <the sender's own subject>" must not be judged. */
static const char *own_subject(struct reading *rd)
{
    const char *original = rd->report->strings[BOUNCE_REPORT_ORIGINAL_SUBJECT];
    return rd->subject && !(original && strstr(rd->subject, original)) ? rd->subject : NULL;
}

/* Content-Language "de-AT" -> "de", for `scope lang`. */
static const char *primary_language(struct reading *rd)
{
    struct span v = span_trim(span_z(message_header(&rd->m, "Content-Language")));
    size_t n = 0;
    while (n < v.n && ascii_is_alpha(v.s[n]))
        n++;
    if (n < 2 || n > 8)
        return NULL;
    char *lang = arena_strndup(rd->scratch, v.s, n);
    bytes_lower(lang, lang, n);
    return lang;
}

void parse_warn_undecided(struct bounce_parser *parser, struct bounce_report *r)
{
    const struct match_undecided *u = matcher_undecided(parser->matcher);
    struct strbuf text;
    if (!u->count)
        return;
    strbuf_init(&text, &r->arena);
    strbuf_puts(&text,
                "expressions that cost more steps than are allowed, or hit a limit, were not decided: those of ");
    for (size_t i = 0; i < u->id_count; i++) {
        strbuf_puts(&text, i ? ", " : "");
        strbuf_puts(&text, u->ids[i]);
    }
    strbuf_puts(&text, u->more ? " and others" : "");
    report_warn(r, "match-limit", text.s);
}

/* Judging long texts for many recipients must stay cheap. */
static size_t bytes_for_each(size_t recipients)
{
    size_t bytes = LIMIT_JUDGED_BYTES / (recipients ? recipients : 1);
    return bytes > LIMIT_JUDGED_BYTES_MIN ? bytes : LIMIT_JUDGED_BYTES_MIN;
}

/* The names that the message states, if a rule asks for them. */
static const struct stated *state_names(struct reading *rd)
{
    if (!matcher_masks(rd->matcher) || !rd->report->recipient_count)
        return NULL;
    struct stated *stated = arena_calloc(rd->scratch, 1, sizeof *stated);
    stated_add_report(stated, rd->scratch, rd->report);
    for (size_t i = 0; i < rd->m.part_count; i++) /* a name without a dot is the server's name for the part */
        if (rd->m.parts[i].name && strchr(rd->m.parts[i].name, '.'))
            stated_add_phrase(stated, rd->scratch, rd->m.parts[i].name);
    return stated;
}

/* The envelope sender according to the reporting server and the returned message. */
static void find_envelope_senders(struct reading *rd, struct judge *j)
{
    struct span stated = fields_get(&rd->status_group, "X-Postfix-Sender");
    j->envelope_senders[0] = stated.s ? arena_strndup(rd->scratch, stated.s, stated.n) : NULL;
    j->envelope_senders[1] = message_original_header(&rd->m, "Return-Path");
}

/* Reading may use at most half of the budget of the message, so that something is left for each recipient. */
static uint64_t steps_of_reading(const struct bounce_parser *parser)
{
    return parser->options.max_message_steps / 2;
}

static uint64_t steps_of_judging(const struct reading *rd, const struct bounce_parser *parser)
{
    return parser->options.max_message_steps - steps_of_reading(parser) + matcher_left(rd->matcher);
}

/* Whether there are several recipients, and nothing but an address is known of any of them. */
static bool nobody_is_told_of(const struct bounce_report *r)
{
    for (size_t i = 0; i < r->recipient_count; i++) {
        const struct bounce_recipient *to = r->recipients[i];
        if (to->verdict.reason || to->verdict.stated_status || to->facts.reply_code ||
            (to->facts.action != BOUNCE_ACTION_FAILED && to->facts.action != BOUNCE_ACTION_DELAYED))
            return false;
    }
    return r->recipient_count > 1;
}

/* "Not delivered within 2 days, the host does not respond. These did not receive it:": one text is about all
 * recipients. If it gives no reason for the first, the verdicts stay as they are. */
static void judge_together(struct judge *j, uint64_t steps)
{
    struct bounce_report *r = j->report;
    struct arena_mark mark = arena_mark(j->scratch);
    struct searched_text *searched = NULL;
    j->prose_is_of_all = true;
    j->before = NULL;
    for (size_t i = 0; i < r->recipient_count; i++) {
        struct bounce_recipient *to = r->recipients[i];
        struct verdict verdict = {.reason = BOUNCE_REASON_UNKNOWN};
        matcher_allow(j->matcher, steps / r->recipient_count);
        verdict_judge(j, &to->facts, &verdict);
        if (!i && !verdict.reason)
            return;
        to->verdict = verdict;
        settle_recipient(j, &to->facts, &to->verdict);
        j->before = &to->verdict;
        if (!i) { /* the search for the first one is kept for all */
            mark = arena_mark(j->scratch);
            searched = j->prose_searched;
        }
        arena_rewind(j->scratch, mark);
        j->prose_searched = searched;
    }
}

static void judge_all(struct reading *rd, const struct bounce_parser *parser)
{
    struct bounce_report *r = rd->report;
    size_t text_bytes = bytes_for_each(r->recipient_count);
    reading_end_text(rd);
    if (rd->norm.length > text_bytes)
        text_normalise(rd->scratch, rd->text, text_bytes, &rd->norm);
    struct judge j = {.matcher = rd->matcher,
                      .scratch = rd->scratch,
                      .report = r,
                      .prose = rd->text_ready ? &rd->norm : NULL,
                      .prose_where = "text",
                      .subject = own_subject(rd),
                      .software = r->strings[BOUNCE_REPORT_SOFTWARE],
                      .lang = primary_language(rd),
                      .stated = state_names(rd),
                      .words = rd->words,
                      .text_bytes = text_bytes,
                      .undecided = matcher_undecided(rd->matcher)->count > 0,
                      .explain = parser->options.explain};
    find_envelope_senders(rd, &j);
    const struct arena_mark mark = arena_mark(rd->scratch);
    uint64_t steps = steps_of_judging(rd, parser);
    for (size_t i = 0; i < r->recipient_count; i++) {
        struct bounce_recipient *to = r->recipients[i];
        j.before = i ? &r->recipients[i - 1]->verdict : NULL;
        uint64_t share = steps / (r->recipient_count - i);
        matcher_allow(rd->matcher, share);
        if (r->kind == BOUNCE_KIND_CHALLENGE)
            to->verdict.reason = BOUNCE_REASON_CHALLENGE;
        else
            verdict_judge(&j, &to->facts, &to->verdict);
        settle_recipient(&j, &to->facts, &to->verdict);
        steps -= share - matcher_left(rd->matcher);
        to->facts.texts = NULL;       /* they are in scratch */
        if (r->recipient_count > 1) { /* memory must not grow with thousands of recipients */
            j.prose_searched = NULL;
            arena_rewind(rd->scratch, mark);
        }
    }
    if (r->kind != BOUNCE_KIND_CHALLENGE && j.prose && nobody_is_told_of(r))
        judge_together(&j, steps);
}

struct bounce_report *report_new(struct bounce_parser *parser)
{
    struct bounce_report *r =
        report_make(bounce_rules_digest(parser->rules), &parser->spare, &parser->exit, &parser->report);
    if (parser->options.header_count)
        report_ask_headers(r, parser->options.headers, parser->options.header_count);
    return r;
}

/* A mail that a blank line at the front turned into a body: reads that body as the mail. False if it is not one. */
static bool reread_shifted(struct reading *rd, struct span bytes, size_t max_bytes)
{
    struct message *m = &rd->m;
    if (m->is_multipart || fields_get(&m->header, "Content-Type").s || m->part_count != 1)
        return false;
    if (fields_get(&m->header, "From").s && fields_get(&m->header, "Subject").s)
        return false;
    struct span body = m->parts[0].raw;
    struct field_group g;
    struct span rest = body;
    bool truncated;
    if (!body.n || body.n == bytes.n || !fields_read_group(rd->scratch, &rest, 200, &g, NULL, &truncated))
        return false;
    if (!fields_get(&g, "From").s || !fields_get(&g, "Subject").s || !fields_get(&g, "Content-Type").s)
        return false;
    message_read(rd->scratch, body, max_bytes, m);
    return true;
}

/* A mail that may be a report: its parts, kind, recipients and verdicts. */
static void read_report(struct reading *rd, const struct bounce_parser *parser, struct span bytes)
{
    message_finish(&rd->m);
    if (reread_shifted(rd, bytes, (size_t)parser->options.max_message_bytes)) {
        read_header(rd);
        dialect_begin(rd);
    }
    kind_find(rd);
    if (parser->options.explain)
        trace_reading(rd);
    if (rd->report->kind != BOUNCE_KIND_NONE) {
        read_original_header(rd);
        asked_headers_read(rd);
        if (rd->report->arrival != INT64_MIN)
            rd->report->strings[BOUNCE_REPORT_ARRIVAL_DATE] = date_format(&rd->report->arena, rd->report->arrival);
        trust_read(rd);
        parse_sent(rd, parser->options.sent);
        to_suppress_read(rd);
        if (parser->options.explain)
            trace_trust(rd);
        rd->report->machine = true;
    }
    judge_all(rd, parser);
}

/* The header of a mail, and nothing else. */
static void begin(struct reading *rd, struct bounce_parser *parser, struct span bytes)
{
    parser_begin(parser, &(struct match_budget){parser->options.max_text_steps, steps_of_reading(parser)});
    *rd = (struct reading){.rules = parser->rules,
                           .words = ruleset_words(parser->rules),
                           .matcher = parser->matcher,
                           .verp_pattern = parser->options.verp,
                           .explain = parser->options.explain,
                           .envelope_from = parser->envelope_from,
                           .envelope_to = parser->envelope_to,
                           .authserv_id = parser->options.authserv_id,
                           .use_dialects = parser->options.dialects,
                           .scratch = &parser->scratch,
                           .report = report_new(parser)};
    message_begin(rd->scratch, bytes, (size_t)parser->options.max_message_bytes, &rd->m);
    read_header(rd);
    dialect_begin(rd);
}

static void keep_charsets(struct bounce_parser *parser, const struct reading *rd)
{
    for (size_t i = 0; i < rd->m.part_count; i++)
        if (rd->m.parts[i].decoded && rd->m.parts[i].charset)
            charsets_keep(&parser->charsets, rd->m.parts[i].charset);
}

static __attribute__((noinline)) bool ask_gate(struct bounce_parser *parser, struct span bytes)
{
    struct reading rd;
    begin(&rd, parser, bytes);
    bool passes = gate_sign(&rd) != GATE_NO_SIGN;
    bounce_report_free(parser_end(parser));
    return passes;
}

bool parse_passes_gate(struct bounce_parser *parser, const void *bytes, size_t length)
{
    if (setjmp(parser->exit.place)) {
        parser_fail(parser, NULL);
        return true;
    }
    return ask_gate(parser, span_of(bytes, length));
}

/* The message that is the only content of a mail besides empty texts; its n is 0 if there is none. */
static struct span only_message(struct message *m)
{
    const struct part *found = NULL;
    for (size_t i = 0; i < m->part_count; i++) {
        const struct part *p = &m->parts[i];
        bool is_message = !strcmp(p->type, "message/rfc822") || !strcmp(p->type, "message/global");
        bool is_coded = p->encoding && (!strcmp(p->encoding, "base64") || !strcmp(p->encoding, "quoted-printable"));
        bool is_text = p->role == PART_TEXT || p->role == PART_HTML;
        if (is_message && !is_coded && !found)
            found = p;
        else if (!is_text || span_trim(message_part_text(m, i)).n)
            return span_of(NULL, 0);
    }
    return found ? found->raw : span_of(NULL, 0);
}

/* Starts over with a report that was forwarded as a whole; if it turns out not to be a report, with the mail itself.
 * Returns the bytes that were read. */
static struct span begin_forwarded(struct reading *rd, struct bounce_parser *parser, struct span bytes)
{
    struct message m;
    message_read(rd->scratch, bytes, (size_t)parser->options.max_message_bytes, &m);
    struct span inner = only_message(&m);
    for (int i = 0; inner.n && i < 2; i++) {
        struct span read = i ? bytes : inner;
        bounce_report_free(parser_end(parser));
        begin(rd, parser, read);
        if (gate_sign(rd) != GATE_NO_SIGN)
            return read;
    }
    return bytes;
}

/* A function of its own: in the caller, setjmp() would keep variables out of registers. */
static __attribute__((noinline)) bounce_report *parse_mail(bounce_parser *parser, struct span bytes)
{
    struct reading rd;
    begin(&rd, parser, bytes);
    if (parser->options.read_forwarded)
        bytes = begin_forwarded(&rd, parser, bytes);
    if (parser->options.explain)
        trace_gate(&rd);
    if (parser->options.read_all || gate_sign(&rd) != GATE_NO_SIGN) {
        read_report(&rd, parser, bytes);
        keep_charsets(parser, &rd);
    }
    parse_warn_undecided(parser, rd.report);
    warn_flags(&rd);
    arena_reset(&parser->scratch); /* frees the memory now, not at the next mail */
    return parser_end(parser);
}

bounce_status bounce_parse(bounce_parser *parser, const void *bytes, size_t length, bounce_report **report,
                           bounce_error *error)
{
    if (report)
        *report = NULL;
    if (!parser || !report || (!bytes && length))
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_parse: parser, report or bytes is NULL");
    if (setjmp(parser->exit.place))
        return parser_fail(parser, error);
    *report = parse_mail(parser, span_of(bytes, length));
    return BOUNCE_OK;
}

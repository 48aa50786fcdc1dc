/* SPDX-License-Identifier: MIT */
/*
 * parse_events.c - the path of one event of a sending service: JSON, map, texts, verdicts.
 *
 * In: bytes of documents. Out: a report for each event about a delivery; its server text is judged like any reply, and
 * the service's own statement counts if that text says nothing. Refused: JSON that is broken, too long or too deep; the
 * next document is still read.
 */
#include "base/limits.h"
#include "events/cutter.h"
#include "events/event.h"
#include "parse_reply.h"
#include "parser.h"
#include "reading/event_facts.h"
#include "reading/reading.h"
#include "verdict/settle.h"
#include "verdict/verdict.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

struct bounce_events {
    struct bounce_parser *parser;
    struct json_library *json;
    struct arena of_maps, arena; /* arena: of one document */
    const struct event_map *maps;
    struct cutter cutter;
    struct cut_piece piece; /* the current document */
    struct event_list list;
    size_t next;    /* event of the list */
    uint64_t index; /* of the next document */
    uint64_t skipped;
};

/* The current event, with the parser that judges it. */
struct at_hand {
    struct bounce_events *events;
    struct event_at_hand it;
    struct bounce_report *report;
};

bounce_status bounce_events_new(bounce_parser *parser, bounce_events **events, bounce_error *error)
{
    if (events)
        *events = NULL;
    if (!parser || !events)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_events_new: parser or events is NULL");
    struct json_library *json = json_library_load();
    if (!json)
        return error_set(error, BOUNCE_ERROR_IO, "events are JSON, but libjansson.so.4 cannot be loaded");
    bounce_events *e = g_new0(bounce_events, 1);
    e->parser = parser;
    e->json = json;
    arena_init(&e->of_maps);
    arena_init(&e->arena);
    e->maps = maps_builtin(&e->of_maps);
    cutter_begin(&e->cutter);
    *events = e;
    return BOUNCE_OK;
}

void bounce_events_free(bounce_events *events)
{
    if (!events)
        return;
    event_list_free(&events->list);
    json_library_free(events->json);
    cutter_free(&events->cutter);
    arena_free(&events->arena);
    arena_free(&events->of_maps);
    g_free(events);
}

void bounce_events_add(bounce_events *events, const void *bytes, size_t length)
{
    if (events && bytes)
        cutter_add(&events->cutter, bytes, length);
}

void bounce_events_finish(bounce_events *events)
{
    if (events)
        cutter_finish(&events->cutter);
}

uint64_t bounce_events_skipped(const bounce_events *events)
{
    return events ? events->skipped : 0;
}

bool bounce_events_seem(const void *bytes, size_t length)
{
    struct span s = span_of(bytes, bytes ? length : 0);
    if (span_starts_nocase(s, "\xef\xbb\xbf"))
        s = span_of(s.s + 3, s.n - 3);
    s = span_trim(s);
    while (s.n && s.s[0] == '[')
        s = span_trim(span_of(s.s + 1, s.n - 1));
    if (!s.n || s.s[0] != '{')
        return false;
    s = span_trim(span_of(s.s + 1, s.n - 1));
    const char *end = s.n && s.s[0] == '"' ? memchr(s.s + 1, '"', s.n - 1) : NULL;
    if (!end)
        return s.n && s.s[0] == '}';
    s = span_trim(span_of(end + 1, s.n - (size_t)(end + 1 - s.s)));
    return s.n && s.s[0] == ':';
}

/* ------------------------------------------------------------- recipients */

static const char *field(const struct at_hand *h, struct json_t *item, enum event_field f)
{
    return event_text(&h->it, item, f);
}

static const char *keep(const struct at_hand *h, const char *value)
{
    return arena_strdup(&h->report->arena, value);
}

static void judge_text(struct bounce_parser *parser, struct judge *j, struct facts *to,
                       const struct event_recipient *told, struct verdict *v)
{
    struct fact_text texts[2];
    struct stated stated;
    if (told->text) {
        struct span line = reply_decode(parser, j->report, span_z(told->text));
        reply_state_hosts(j, &stated, line);
        parse_reply_facts(j, to, line, texts);
    }
    to->field_status = told->status;
    to->action = told->action;
    verdict_judge(j, to, v);
    to->texts = NULL;
}

static void judge_recipient(const struct at_hand *h, struct json_t *item)
{
    struct bounce_recipient *recipient = report_add_recipient(h->report);
    struct event_recipient told;
    if (!recipient)
        return;
    struct facts *to = &recipient->facts;
    event_read_recipient(&h->it, item, &told);
    if (!told.address)
        report_warn(h->report, "no-recipient", "the event names no recipient address");
    to->address = told.address;
    to->address_type = to->address ? "rfc822" : NULL;
    to->remote_mta = told.host;
    to->attempts = told.attempts;
    to->last_attempt = told.time;
    to->service = told.service;
    struct judge j = reply_judge(h->events->parser, h->report);
    j.text_bytes = LIMIT_JUDGED_BYTES_MIN * 16;
    j.recipient_guessed = !to->address;
    judge_text(h->events->parser, &j, to, &told, &recipient->verdict);
    settle_recipient(&j, to, &recipient->verdict);
    recipient->to_suppress = to->address;
    if (!to->reply_code)
        to->reply_code = told.own_code; /* shown, but no server said it */
}

/* ---------------------------------------------------------------- reports */

static void read_report_fields(const struct at_hand *h)
{
    static const struct {
        enum event_field from;
        bounce_report_field to;
    } plain[] = {{FIELD_SENDER, BOUNCE_REPORT_ORIGINAL_FROM},
                 {FIELD_SUBJECT, BOUNCE_REPORT_ORIGINAL_SUBJECT},
                 {FIELD_MESSAGE_ID, BOUNCE_REPORT_ORIGINAL_MESSAGE_ID}};
    const char **s = h->report->strings;
    event_keep_service(&h->it);
    for (size_t i = 0; i < COUNT(plain); i++)
        s[plain[i].to] = keep(h, field(h, NULL, plain[i].from));
    s[BOUNCE_REPORT_ORIGINAL_DATE] = event_date(&h->it, FIELD_SENT);
    s[BOUNCE_REPORT_DATE] = event_date(&h->it, FIELD_TIME);
}

static void judge_recipients(const struct at_hand *h)
{
    const struct event_list *list = &h->events->list;
    struct json_t *all = event_recipients(list, h->it.event);
    const size_t count = all ? json_count(list->json, all) : 1;
    const struct arena_mark mark = arena_mark(&h->events->parser->scratch);
    for (size_t i = 0; i < count; i++) {
        judge_recipient(h, all ? json_item(list->json, all, i) : NULL);
        arena_rewind(&h->events->parser->scratch, mark);
    }
}

static struct bounce_report *new_report(struct bounce_events *e)
{
    struct bounce_parser *parser = e->parser;
    parser_begin(parser, &(struct match_budget){parser->options.max_text_steps, parser->options.max_message_steps});
    struct bounce_report *r = report_new(parser);
    r->machine = true;
    r->kind = BOUNCE_KIND_EVENT;
    return r;
}

/* NULL: the event is not about a delivery. A function of its own: in the caller, setjmp() would keep variables out of
 * registers. */
static __attribute__((noinline)) struct bounce_report *read_event(struct bounce_events *e, const struct event *event)
{
    if (!event->map) {
        struct bounce_report *r = new_report(e);
        report_warn(r, "unknown-service", "the event is from an unknown service; nothing was read");
        return parser_end(e->parser);
    }
    struct at_hand h = {.events = e, .it = {.list = &e->list, .event = event}};
    if (!event_mean(h.it.list, event, &h.it.meaning))
        return NULL;
    h.it.report = h.report = new_report(e);
    read_report_fields(&h);
    judge_recipients(&h);
    parse_warn_undecided(e->parser, h.report);
    return parser_end(e->parser);
}

/* -------------------------------------------------------------- documents */

static bounce_status broken(const struct bounce_events *e, bounce_error *error, uint32_t line, uint32_t column,
                            const char *what)
{
    char message[256];
    snprintf(message, sizeof message, "line %lu, offset %llu: %s", (unsigned long)line,
             (unsigned long long)e->piece.offset, what);
    error_set(error, BOUNCE_ERROR_SYNTAX, message);
    if (error) {
        error->line = line;
        error->column = column;
    }
    return BOUNCE_ERROR_SYNTAX;
}

static bounce_status read_document(struct bounce_events *e, bounce_error *error)
{
    struct json_wrong wrong;
    event_list_free(&e->list);
    arena_reset(&e->arena);
    e->list = (struct event_list){.json = e->json, .maps = e->maps, .arena = &e->arena};
    e->next = 0;
    if (!event_list_read(&e->list, e->piece.text, &wrong)) {
        cutter_retry(&e->cutter);
        const uint32_t line = e->piece.line + (wrong.line ? wrong.line - 1 : 0);
        return broken(e, error, line, wrong.column, wrong.text);
    }
    e->skipped += e->list.skipped;
    return e->list.wrong ? broken(e, error, e->piece.line, 0, e->list.wrong) : BOUNCE_OK;
}

/* BOUNCE_OK: a document was read, and its events are in the list. */
static bounce_status next_document(struct bounce_events *e, bounce_error *error)
{
    enum cut cut = cutter_next(&e->cutter, &e->piece);
    e->index += cut != CUT_MORE && cut != CUT_END;
    switch (cut) {
    case CUT_END: e->index = 0; return BOUNCE_END;
    case CUT_MORE: return BOUNCE_END;
    case CUT_DOCUMENT: return read_document(e, error);
    case CUT_TOO_LONG: return broken(e, error, e->piece.line, 0, "a document of more than 4 MiB; it was left out");
    case CUT_TOO_DEEP: return broken(e, error, e->piece.line, 0, "nested deeper than is read; it was left out");
    case CUT_UNFINISHED: cutter_retry(&e->cutter); return broken(e, error, e->piece.line, 0, "the JSON does not end");
    case CUT_NO_OBJECT: return broken(e, error, e->piece.line, 0, "not a JSON object; it was left out");
    }
    return BOUNCE_END;
}

bounce_status bounce_events_next(bounce_events *events, bounce_report **report, bounce_source *source,
                                 bounce_error *error)
{
    if (report)
        *report = NULL;
    if (!events || !report)
        return error_set(error, BOUNCE_ERROR_ARGUMENT, "bounce_events_next: events or report is NULL");
    if (setjmp(events->parser->exit.place)) { /* the event is left out */
        event_list_free(&events->list);
        return parser_fail(events->parser, error);
    }
    while (!*report) {
        if (events->next < events->list.count) {
            *report = read_event(events, &events->list.events[events->next++]);
            events->skipped += !*report;
            continue;
        }
        bounce_status status = next_document(events, error);
        if (status != BOUNCE_OK)
            return status;
    }
    if (source)
        *source = (bounce_source){NULL, events->index - 1, events->piece.offset, events->piece.text.n};
    return BOUNCE_OK;
}

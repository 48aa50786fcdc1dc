/* SPDX-License-Identifier: MIT */
/*
 * json.c - bounce_report_json(): a report as one line of JSON (RFC 8259).
 *
 * In: a settled report, and where its message came from. Out: the object of
 * doc/output.md, written from front to end into the report's own buffer, with
 * the keys in the order of the contract; no tree is built. Strings are escaped
 * no more than RFC 8259 section 7 asks for; bytes that are no UTF-8 (only a
 * path can hold such) become U+FFFD. There are no floating point numbers.
 */
#include "facts.h"
#include "utf8.h"

#include <glib.h>
#include <string.h>

enum {
    FIRST_BYTES = 4096,
    NUMBER_BYTES = 20, /* digits of 2^64 */
    ESCAPE_BYTES = 6,  /* the longest that one byte becomes */
    CHUNK_BYTES = 16
};

struct writer {
    char *s;
    size_t n, capacity;
};

static void reserve(struct writer *w, size_t more)
{
    if (w->capacity - w->n >= more)
        return;
    size_t wanted = w->capacity ? w->capacity : FIRST_BYTES;
    while (wanted - w->n < more)
        wanted *= 2;
    w->s = g_realloc(w->s, wanted);
    w->capacity = wanted;
}

static void put(struct writer *w, const char *s, size_t n)
{
    reserve(w, n);
    memcpy(w->s + w->n, s, n);
    w->n += n;
}

/* Text that is known when this is compiled: keys and punctuation. */
#define PUT(w, literal) put((w), "" literal, sizeof(literal) - 1)

static void put_number(struct writer *w, uint64_t value)
{
    char digits[NUMBER_BYTES];
    size_t i = sizeof digits;
    do
        digits[--i] = (char)('0' + value % 10);
    while (value /= 10);
    put(w, digits + i, sizeof digits - i);
}

static void put_number_or_null(struct writer *w, bool known, uint64_t value)
{
    if (known)
        put_number(w, value);
    else
        PUT(w, "null");
}

static void put_escape(struct writer *w, unsigned char c)
{
    static const char hex[] = "0123456789abcdef", letters[] = "btn\0fr"; /* 8 is \b */
    char escape[ESCAPE_BYTES] = {'\\', (char)c};
    size_t n = 2;
    if (c >= '\b' && c <= '\r' && letters[c - '\b']) {
        escape[1] = letters[c - '\b'];
    } else if (c < ' ') {
        memcpy(escape, "\\u00", 4);
        escape[4] = hex[c >> 4];
        escape[5] = hex[c & 15];
        n = 6;
    }
    put(w, escape, n);
}

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
}

/* CHUNK_BYTES at once: compilers make vector instructions of it. */
static bool chunk_is_plain(const char *s)
{
    unsigned char odd = 0;
    for (int k = 0; k < CHUNK_BYTES; k++) {
        unsigned char c = (unsigned char)s[k];
        odd |= (unsigned char)((c < ' ') | (c >= 0x80) | (c == '"') | (c == '\\'));
    }
    return !odd;
}

static void put_string(struct writer *w, const char *s)
{
    if (!s) {
        PUT(w, "null");
        return;
    }
    size_t n = strlen(s), start = 0, i = 0;
    PUT(w, "\"");
    while (i < n) {
        size_t bytes;
        while (i + CHUNK_BYTES <= n && chunk_is_plain(s + i))
            i += CHUNK_BYTES;
        if (i == n)
            break;
        if (is_plain((unsigned char)s[i])) {
            i++;
            continue;
        }
        bytes = utf8_valid(s + i, n - i);
        if (bytes > 1) {
            i += bytes;
            continue;
        }
        put(w, s + start, i - start);
        if (bytes)
            put_escape(w, (unsigned char)s[i]);
        else
            PUT(w, UTF8_REPLACEMENT);
        start = ++i;
    }
    put(w, s + start, n - start);
    PUT(w, "\"");
}

static void put_bool(struct writer *w, bool value)
{
    if (value)
        PUT(w, "true");
    else
        PUT(w, "false");
}

/* A comma, unless an object or array was just opened. */
static void put_key(struct writer *w, const char *comma_and_key, size_t n)
{
    size_t skip = w->s[w->n - 1] == '{';
    put(w, comma_and_key + skip, n - skip);
}

static void put_comma(struct writer *w)
{
    if (w->s[w->n - 1] != '[')
        PUT(w, ",");
}

#define KEY(w, name) put_key((w), ",\"" name "\":", sizeof(",\"" name "\":") - 1)
#define STRING(w, name, value) (KEY(w, name), put_string((w), (value)))
#define NUMBER(w, name, known, value) (KEY(w, name), put_number_or_null((w), (known), (value)))
#define BOOL(w, name, value) (KEY(w, name), put_bool((w), (value)))
#define OPEN(w, name) (KEY(w, name), put((w), "{", 1))
#define CLOSE(w) PUT(w, "}")

/* ----------------------------------------------------------- recipient */

static void put_advice(struct writer *w, const struct bounce_recipient *r)
{
    OPEN(w, "advice");
    KEY(w, "actions");
    PUT(w, "[");
    for (size_t i = 0; i < r->advice_count; i++) {
        if (r->advice[i] == BOUNCE_ADVICE_NONE)
            continue;
        put_comma(w);
        put_string(w, bounce_advice_name(r->advice[i]));
    }
    PUT(w, "]");
    KEY(w, "retry_after_s");
    PUT(w, "[");
    for (size_t i = 0; i < r->retry_count; i++) {
        put_comma(w);
        put_number(w, r->retry_after_s[i]);
    }
    PUT(w, "]");
    STRING(w, "then", r->advice_then);
    STRING(w, "text", r->advice_text);
    CLOSE(w);
}

static void put_evidence(struct writer *w, const struct evidence *e)
{
    KEY(w, "evidence");
    if (!e->rule && !e->where && !e->text && !e->tier) {
        PUT(w, "null");
        return;
    }
    PUT(w, "{");
    STRING(w, "rule", e->rule);
    NUMBER(w, "tier", e->tier > 0, (uint64_t)e->tier);
    STRING(w, "file", e->file);
    NUMBER(w, "line", e->line > 0, e->line);
    STRING(w, "where", e->where);
    NUMBER(w, "offset", e->offset != SIZE_MAX, e->offset);
    STRING(w, "text", e->text);
    if (e->tag) /* only a user's rule has one */
        STRING(w, "tag", e->tag);
    CLOSE(w);
}

static void put_explain(struct writer *w, const struct bounce_recipient *r)
{
    KEY(w, "explain");
    PUT(w, "[");
    for (size_t i = 0; i < r->explain_count; i++) {
        put_comma(w);
        put_string(w, r->explain[i]);
    }
    PUT(w, "]");
}

static void put_verdict(struct writer *w, const struct bounce_recipient *r)
{
    bounce_decided_by who = r->decided_by;
    STRING(w, "action", r->action == BOUNCE_ACTION_UNKNOWN ? NULL : bounce_action_name(r->action));
    STRING(w, "type", bounce_type_name(r->type));
    STRING(w, "reason", bounce_reason_name(r->reason));
    STRING(w, "group", bounce_group_name(bounce_recipient_group(r)));
    STRING(w, "cause", r->has_cause ? bounce_reason_name(r->cause) : NULL);
    BOOL(w, "permanent", r->permanent);
    STRING(w, "decided_by", who == BOUNCE_DECIDED_BY_NOBODY ? NULL : bounce_decided_by_name(who));
    STRING(w, "status", r->status);
    STRING(w, "stated_status", r->stated_status);
    NUMBER(w, "reply_code", r->reply_code > 0, (uint64_t)r->reply_code);
    STRING(w, "command", r->command == BOUNCE_COMMAND_NONE ? NULL : bounce_command_name(r->command));
}

static void put_recipient(struct writer *w, const struct bounce_recipient *r)
{
    PUT(w, "{");
    STRING(w, "address", r->address);
    STRING(w, "address_type", r->address_type);
    STRING(w, "original_recipient", r->original);
    put_verdict(w, r);
    STRING(w, "remote_mta", r->remote_mta);
    STRING(w, "diagnostic_type", r->diagnostic_type);
    STRING(w, "diagnostic", r->diagnostic);
    STRING(w, "last_attempt", r->last_attempt_text);
    STRING(w, "will_retry_until", r->will_retry_until_text);
    NUMBER(w, "queued_for_s", r->queued_for_s >= 0, (uint64_t)r->queued_for_s);
    NUMBER(w, "attempts", r->attempts >= 0, (uint64_t)r->attempts);
    BOOL(w, "partial", r->partial);
    put_advice(w, r);
    put_evidence(w, &r->evidence);
    if (r->explain_count)
        put_explain(w, r);
    CLOSE(w);
}

/* -------------------------------------------------------------- report */

static void put_source(struct writer *w, const bounce_source *source)
{
    static const bounce_source unknown = {NULL, BOUNCE_NO_NUMBER, BOUNCE_NO_NUMBER, BOUNCE_NO_NUMBER};
    const bounce_source *s = source ? source : &unknown;
    OPEN(w, "source");
    STRING(w, "path", s->path);
    NUMBER(w, "index", s->index != BOUNCE_NO_NUMBER, s->index);
    NUMBER(w, "offset", s->offset != BOUNCE_NO_NUMBER, s->offset);
    NUMBER(w, "length", s->length != BOUNCE_NO_NUMBER, s->length);
    CLOSE(w);
}

#define FIELD(w, name, field) STRING(w, name, r->strings[BOUNCE_REPORT_##field])

static void put_headers(struct writer *w, const bounce_report *r)
{
    OPEN(w, "report");
    FIELD(w, "message_id", MESSAGE_ID);
    FIELD(w, "from", FROM);
    FIELD(w, "to", TO);
    FIELD(w, "date", DATE);
    FIELD(w, "subject", SUBJECT);
    CLOSE(w);
    FIELD(w, "reporting_mta", REPORTING_MTA);
    FIELD(w, "arrival_date", ARRIVAL_DATE);
    FIELD(w, "envelope_id", ENVELOPE_ID);
    OPEN(w, "original");
    FIELD(w, "message_id", ORIGINAL_MESSAGE_ID);
    FIELD(w, "from", ORIGINAL_FROM);
    FIELD(w, "to", ORIGINAL_TO);
    FIELD(w, "subject", ORIGINAL_SUBJECT);
    FIELD(w, "date", ORIGINAL_DATE);
    FIELD(w, "list_id", ORIGINAL_LIST_ID);
    FIELD(w, "feedback_id", ORIGINAL_FEEDBACK_ID);
    CLOSE(w);
}

static void put_feedback(struct writer *w, const bounce_report *r)
{
    KEY(w, "feedback");
    if (r->kind != BOUNCE_KIND_ARF) {
        PUT(w, "null");
        return;
    }
    PUT(w, "{");
    FIELD(w, "type", FEEDBACK_TYPE);
    FIELD(w, "source_ip", FEEDBACK_SOURCE_IP);
    FIELD(w, "user_agent", FEEDBACK_USER_AGENT);
    FIELD(w, "original_mail_from", FEEDBACK_ORIGINAL_MAIL_FROM);
    CLOSE(w);
}

static void put_warnings(struct writer *w, const bounce_report *r)
{
    KEY(w, "warnings");
    PUT(w, "[");
    for (size_t i = 0; i < r->warning_count; i++) {
        put_comma(w);
        PUT(w, "{");
        STRING(w, "id", r->warnings[i].id);
        STRING(w, "text", r->warnings[i].text);
        CLOSE(w);
    }
    PUT(w, "]");
}

static void put_report(struct writer *w, const bounce_report *r, const bounce_source *source)
{
    PUT(w, "{");
    NUMBER(w, "schema", true, 1);
    STRING(w, "rules", r->rules_digest);
    put_source(w, source);
    STRING(w, "kind", bounce_kind_name(r->kind));
    FIELD(w, "software", SOFTWARE);
    STRING(w, "sent", NULL); /* schema 1 leaves it for later */
    put_headers(w, r);
    put_feedback(w, r);
    KEY(w, "recipients");
    PUT(w, "[");
    for (size_t i = 0; i < r->recipient_count; i++) {
        put_comma(w);
        put_recipient(w, r->recipients[i]);
    }
    PUT(w, "]");
    put_warnings(w, r);
    CLOSE(w);
}

bounce_status bounce_report_json(bounce_report *report, const bounce_source *source, const char **json, size_t *length)
{
    if (json)
        *json = NULL;
    if (length)
        *length = 0;
    if (!report || !json)
        return BOUNCE_ERROR_ARGUMENT;
    struct writer w = {report->json, 0, report->json_capacity};
    put_report(&w, report, source);
    put(&w, "", 1);
    report->json = w.s;
    report->json_capacity = w.capacity;
    *json = w.s;
    if (length)
        *length = w.n - 1;
    return BOUNCE_OK;
}

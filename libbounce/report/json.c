/* SPDX-License-Identifier: MIT */
/*
 * json.c - a report as one line of JSON (RFC 8259).
 *
 * In: a settled report, and where its message came from. Out: the object of doc/output.md, written from start to end
 * into the report's own buffer or the caller's, with the keys in the order of the contract; no tree is built. Most
 * values of most reports are null: a key and its null are one constant, and so are groups of keys that are all null.
 * There are no floating point numbers.
 */
#include "report/json_writer.h"
#include "report/report.h"

#include <glib.h>

/* -------------------------------------------------------- shared replies */

/* Recipients in a row who share one text share its bytes. Once it was written out often enough, the next ones refer to
 * a list that follows; it is made by going through the recipients once more. */
struct sharing {
    const char *before; /* the text of the previous recipient */
    uint64_t repeated;  /* bytes that were written repeatedly */
    size_t count;       /* of the list so far */
    bool listed;        /* the text is its last one */
};

/* The place in the list for the text of the next recipient; SIZE_MAX: it is written out. */
static size_t sharing_step(struct sharing *s, const struct bounce_recipient *r)
{
    const char *text = r->facts.diagnostic;
    bool again = text && text == s->before;
    s->before = text;
    s->listed = s->listed && again;
    if (again && s->repeated <= LIMIT_REPEATED_REPLY_BYTES)
        s->repeated += strlen(text);
    if (!again || s->repeated <= LIMIT_REPEATED_REPLY_BYTES)
        return SIZE_MAX;
    s->count += !s->listed;
    s->listed = true;
    return s->count - 1;
}

static char *put_replies(struct json_writer *w, char *at, const bounce_report *r)
{
    struct sharing s = {.before = NULL};
    LITERAL(NEXT("replies") "[");
    for (size_t i = 0, count = 0; i < r->recipient_count; i++) {
        if (sharing_step(&s, r->recipients[i]) != count)
            continue;
        at = json_reserve(w, at, JSON_ROOM);
        COMMA();
        STRING("", r->recipients[i]->facts.diagnostic);
        count++;
    }
    LITERAL("]");
    return at;
}

/* -------------------------------------------------------------- report */

static char *put_source(struct json_writer *w, char *at, const bounce_source *source)
{
    static const bounce_source unknown = {NULL, BOUNCE_NO_NUMBER, BOUNCE_NO_NUMBER, BOUNCE_NO_NUMBER};
    const bounce_source *s = source ? source : &unknown;
    STRING(NEXT("source") FIRST("path"), s->path);
    NUMBER(NEXT("index"), s->index != BOUNCE_NO_NUMBER, s->index);
    NUMBER(NEXT("offset"), s->offset != BOUNCE_NO_NUMBER, s->offset);
    NUMBER(NEXT("length"), s->length != BOUNCE_NO_NUMBER, s->length);
    LITERAL("}");
    return at;
}

/* Whether you sent the message, and where the report comes from. */
static char *put_trust(struct json_writer *w, char *at, const struct trust *t)
{
    if (t->returned == RETURNED_NOT_ASKED) {
        LITERAL(NEXT("sent") "null" NEXT("sent_why") "null" NEXT("trust") "null");
        return at;
    }
    NAMED(NEXT("sent"), name_of_sent(t->sent));
    LITERAL(NEXT("sent_why") "\"");
    at = json_put(at, t->sent_why, strlen(t->sent_why)); /* one of our words */
    if (t->returned == RETURNED_FULL)
        LITERAL("\"" NEXT("trust") FIRST("returned") "\"full\"");
    else
        t->returned == RETURNED_HEADERS ? LITERAL("\"" NEXT("trust") FIRST("returned") "\"headers\"")
                                        : LITERAL("\"" NEXT("trust") FIRST("returned") "\"none\"");
    FACT(NEXT("null_sender"), t->null_sender);
    FACT(NEXT("reporter_related"), t->reporter_related);
    if (!t->auth) {
        LITERAL(NEXT("auth") "null}");
        return at;
    }
    STRING(NEXT("auth") FIRST("spf"), t->auth->spf);
    STRING(NEXT("dkim"), t->auth->dkim);
    STRING(NEXT("dmarc"), t->auth->dmarc);
    STRING(NEXT("arc"), t->auth->arc);
    STRING(NEXT("of"), t->auth->of);
    LITERAL("}}");
    return at;
}

/* The report's own header, and what is said of the whole report and of the
 * returned message: what comes before the value, and the field. */
#define HEADER_FIELDS(X) \
    X(NEXT("report") FIRST("message_id"), MESSAGE_ID) \
    X(NEXT("from"), FROM) \
    X(NEXT("to"), TO) \
    X(NEXT("date"), DATE) \
    X(NEXT("subject"), SUBJECT)

#define REPORT_FIELDS(X) \
    X("}" NEXT("reporting_mta"), REPORTING_MTA) \
    X(NEXT("arrival_date"), ARRIVAL_DATE) \
    X(NEXT("envelope_id"), ENVELOPE_ID) \
    X(NEXT("original") FIRST("message_id"), ORIGINAL_MESSAGE_ID) \
    X(NEXT("from"), ORIGINAL_FROM) \
    X(NEXT("to"), ORIGINAL_TO) \
    X(NEXT("subject"), ORIGINAL_SUBJECT) \
    X(NEXT("date"), ORIGINAL_DATE) \
    X(NEXT("list_id"), ORIGINAL_LIST_ID) \
    X(NEXT("feedback_id"), ORIGINAL_FEEDBACK_ID)

#define FIELD(key, field) STRING(key, r->strings[BOUNCE_REPORT_##field]);
#define NULL_FIELD(key, field) key "null"

static bool any_field(const bounce_report *r, bounce_report_field first, bounce_report_field last)
{
    for (size_t i = first; i <= (size_t)last; i++)
        if (r->strings[i])
            return true;
    return false;
}

static char *put_headers(struct json_writer *w, char *at, const bounce_report *r)
{
    if (any_field(r, BOUNCE_REPORT_MESSAGE_ID, BOUNCE_REPORT_SUBJECT)) {
        HEADER_FIELDS(FIELD)
    } else {
        LITERAL(HEADER_FIELDS(NULL_FIELD));
    }
    return at;
}

/* The fields of the returned message that were asked for, by their names. */
static char *put_asked(struct json_writer *w, char *at, const bounce_report *r)
{
    LITERAL(NEXT("headers") "{");
    for (size_t i = 0; i < r->header_count; i++) {
        const struct asked_header *header = &r->headers[i];
        at = json_reserve(w, at, JSON_ROOM);
        if (i)
            LITERAL(",");
        LITERAL("\"");
        at = json_text(w, at, header->name);
        if (!header->count) {
            LITERAL(":null");
            continue;
        }
        LITERAL(":[");
        for (size_t k = 0; k < header->count; k++) {
            COMMA();
            STRING("", header->values[k]);
        }
        LITERAL("]");
    }
    LITERAL("}");
    return at;
}

static char *put_fields(struct json_writer *w, char *at, const bounce_report *r)
{
    if (any_field(r, BOUNCE_REPORT_REPORTING_MTA, BOUNCE_REPORT_ORIGINAL_FEEDBACK_ID)) {
        REPORT_FIELDS(FIELD)
    } else {
        LITERAL(REPORT_FIELDS(NULL_FIELD));
    }
    if (r->header_count)
        at = put_asked(w, at, r);
    LITERAL("}");
    return at;
}

static char *put_feedback(struct json_writer *w, char *at, const bounce_report *r)
{
    if (r->kind != BOUNCE_KIND_ARF) {
        LITERAL(NEXT("feedback") "null");
        return at;
    }
    FIELD(NEXT("feedback") FIRST("type"), FEEDBACK_TYPE)
    FIELD(NEXT("source_ip"), FEEDBACK_SOURCE_IP)
    FIELD(NEXT("user_agent"), FEEDBACK_USER_AGENT)
    FIELD(NEXT("original_mail_from"), FEEDBACK_ORIGINAL_MAIL_FROM)
    LITERAL(NEXT("inferred") "[");
    const char *inferred;
    for (size_t i = 0; (inferred = bounce_report_inferred(r, i)); i++) {
        COMMA();
        STRING("", inferred);
    }
    LITERAL("]}");
    return at;
}

static char *put_auto_reply(struct json_writer *w, char *at, const bounce_report *r)
{
    if (r->kind != BOUNCE_KIND_AUTO_REPLY) {
        LITERAL(NEXT("auto_reply") "null");
        return at;
    }
    FIELD(NEXT("auto_reply") FIRST("until"), AUTO_REPLY_UNTIL)
    if (r->left)
        LITERAL(NEXT("left") "true");
    else
        LITERAL(NEXT("left") "null");
    FIELD(NEXT("new_address"), AUTO_REPLY_NEW_ADDRESS)
    FIELD(NEXT("alternative_contact"), AUTO_REPLY_ALTERNATIVE_CONTACT)
    LITERAL("}");
    return at;
}

/* What only logs state. */
static char *put_log(struct json_writer *w, char *at, const bounce_report *r)
{
    FIELD(NEXT("queue_id"), QUEUE_ID)
    FIELD(NEXT("next_queue_id"), NEXT_QUEUE_ID)
    FIELD(NEXT("envelope_from"), ENVELOPE_FROM)
    NUMBER(NEXT("message_size"), r->log->size, r->log->size);
    r->log->inbound ? LITERAL(NEXT("direction") "\"in\"") : LITERAL(NEXT("direction") "\"out\"");
    BOOL(NEXT("attempted"), r->log->attempted);
    NUMBER(NEXT("repeated"), true, r->log->repeated);
    return at;
}

/* What a sending service itself says of its event. */
static char *put_service(struct json_writer *w, char *at, const bounce_report *r)
{
    FIELD(NEXT("service") FIRST("name"), SERVICE_NAME)
    FIELD(NEXT("event"), SERVICE_EVENT)
    FIELD(NEXT("class"), SERVICE_CLASS)
    FIELD(NEXT("id"), SERVICE_ID)
    LITERAL("}");
    return at;
}

static char *put_warnings(struct json_writer *w, char *at, const bounce_report *r)
{
    LITERAL(NEXT("warnings") "[");
    for (size_t i = 0; i < r->warning_count; i++) {
        at = json_reserve(w, at, JSON_ROOM);
        COMMA();
        STRING(FIRST("id"), r->warnings[i].id);
        STRING(NEXT("text"), r->warnings[i].text);
        LITERAL("}");
    }
    LITERAL("]");
    return at;
}

static char *put_trace(struct json_writer *w, char *at, const bounce_report *r)
{
    LITERAL(NEXT("trace") "[");
    for (size_t i = 0; i < r->trace_count; i++) {
        at = json_reserve(w, at, JSON_ROOM);
        COMMA();
        STRING("", r->trace[i]);
    }
    LITERAL("]");
    return at;
}

/* The object and a NUL. */
static char *put_report(struct json_writer *w, char *at, const bounce_report *r, const bounce_source *source)
{
    at = json_reserve(w, at, JSON_ROOM);
    STRING(FIRST("schema") "1" NEXT("rules"), r->rules_digest);
    at = put_source(w, at, source);
    NAMED(NEXT("kind"), name_of_kind(r->kind));
    FIELD(NEXT("software"), SOFTWARE)
    at = put_trust(w, at, &r->trust);
    BOOL(NEXT("machine"), r->machine);
    at = put_auto_reply(w, at, r);
    at = put_headers(w, at, r);
    at = put_fields(w, at, r);
    at = put_feedback(w, at, r);
    if (r->log)
        at = put_log(w, at, r);
    if (r->kind == BOUNCE_KIND_EVENT || r->strings[BOUNCE_REPORT_SERVICE_NAME])
        at = put_service(w, at, r);
    struct sharing sharing = {.before = NULL};
    LITERAL(NEXT("recipients") "[");
    for (size_t i = 0; i < r->recipient_count; i++) {
        at = json_reserve(w, at, JSON_ROOM);
        COMMA();
        at = json_recipient(w, at, r, r->recipients[i], sharing_step(&sharing, r->recipients[i]));
    }
    LITERAL("]");
    if (sharing.count)
        at = put_replies(w, at, r);
    at = put_warnings(w, at, r);
    if (r->trace_count)
        at = put_trace(w, at, r);
    *at++ = '}';
    *at = '\0';
    return at;
}

bounce_status bounce_report_json(bounce_report *report, const bounce_source *source, const char **json, size_t *length)
{
    if (json)
        *json = NULL;
    if (length)
        *length = 0;
    if (!report || !json)
        return BOUNCE_ERROR_ARGUMENT;
    char *own = report->json;
    struct json_writer w;
    w.start = own;
    w.end = own ? own + report->json_capacity : NULL;
    w.borrowed = w.failed = false;
    const char *end = put_report(&w, w.start, report, source);
    report->json = w.failed ? w.kept : w.start;
    report->json_capacity = (size_t)((w.failed ? w.kept_end : w.end) - report->json);
    if (w.failed)
        return BOUNCE_ERROR_MEMORY;
    *json = w.start;
    if (length)
        *length = (size_t)(end - w.start);
    return BOUNCE_OK;
}

bounce_status bounce_report_json_into(const bounce_report *report, const bounce_source *source, char *buffer,
                                      size_t capacity, size_t *length)
{
    if (length)
        *length = 0;
    if (!report || !length || (!buffer && capacity))
        return BOUNCE_ERROR_ARGUMENT;
    /* Near the end of the buffer, memory of our own is taken earlier than
     * necessary: what fits after all is copied back. */
    struct json_writer w;
    w.start = capacity ? buffer : NULL;
    w.end = capacity ? buffer + capacity : NULL;
    w.borrowed = capacity > 0;
    w.failed = false;
    const char *end = put_report(&w, w.start, report, source);
    if (w.failed) {
        g_free(w.borrowed ? NULL : w.kept);
        return BOUNCE_ERROR_MEMORY;
    }
    *length = (size_t)(end - w.start);
    bool fits = *length < capacity;
    if (!w.borrowed) {
        if (fits)
            memcpy(buffer, w.start, *length + 1);
        g_free(w.start);
    }
    return fits ? BOUNCE_OK : BOUNCE_ERROR_LIMIT;
}

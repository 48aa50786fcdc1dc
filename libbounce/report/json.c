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
#include "report/outcome.h"
#include "report/report.h"
#include "smtp/reasons.h"

#include <glib.h>

/* A key with what comes before it. */
#define FIRST(name) "{\"" name "\":"
#define NEXT(name) ",\"" name "\":"

/* What follows needs the names `w` and `at` in its place; constants must stay
 * below JSON_ROOM together (json_writer.h). */
#define LITERAL(text) (at = json_put(at, "" text, sizeof(text) - 1))

#define STRING(key, value) \
    do { \
        const char *string_ = (value); \
        if (string_) { \
            LITERAL(key "\""); \
            at = json_text(w, at, string_); \
        } else { \
            LITERAL(key "null"); \
        } \
    } while (0)

#define NUMBER(key, known, value) \
    do { \
        if (known) { \
            LITERAL(key); \
            at = json_number(at, (value)); \
        } else { \
            LITERAL(key "null"); \
        } \
    } while (0)

#define NAMED(key, name) (LITERAL(key "\""), at = json_name(at, (name)), LITERAL("\""))
#define BOOL(key, value) ((value) ? LITERAL(key "true") : LITERAL(key "false"))

/* Between the members of an array. */
#define COMMA() (at[-1] != '[' ? LITERAL(",") : at)

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

/* ----------------------------------------------------------- recipient */

static char *put_advice(struct json_writer *w, char *at, const struct bounce_recipient *r)
{
    LITERAL(NEXT("advice") FIRST("actions") "[");
    for (size_t i = 0; i < r->verdict.advice_count; i++) {
        if (r->verdict.advice[i] == BOUNCE_ADVICE_NONE)
            continue;
        COMMA();
        NAMED("", name_of_advice(r->verdict.advice[i]));
    }
    LITERAL("]" NEXT("retry_after_s") "[");
    for (size_t i = 0; i < r->verdict.retry_count; i++) {
        at = json_reserve(w, at, JSON_ROOM);
        COMMA();
        at = json_number(at, r->verdict.retry_after_s[i]);
    }
    LITERAL("]");
    STRING(NEXT("then"), r->verdict.advice_then);
    STRING(NEXT("text"), r->verdict.advice_text);
    if (r->verdict.queue != BOUNCE_QUEUE_NONE)
        NAMED(NEXT("queue"), name_of_queue(r->verdict.queue));
    else
        LITERAL(NEXT("queue") "null");
    STRING(NEXT("mend"), r->verdict.mend);
    LITERAL("}");
    return at;
}

/* What the reply itself states; most replies state none of it. */
static char *put_told(struct json_writer *w, char *at, const struct told_facts *t)
{
    if (!t) {
        LITERAL(NEXT("retry_stated_s") "null" NEXT("blocklist") "null" NEXT("refused") "null");
        LITERAL(NEXT("help_url") "null" NEXT("provider") "null");
        return at;
    }
    NUMBER(NEXT("retry_stated_s"), t->retry_s > 0, t->retry_s);
    if (t->blocklist) {
        STRING(NEXT("blocklist") FIRST("name"), t->blocklist->name);
        STRING(NEXT("zone"), t->blocklist->zone);
        STRING(NEXT("url"), t->blocklist->url);
        LITERAL("}");
    } else {
        LITERAL(NEXT("blocklist") "null");
    }
    if (t->ip || t->domain || t->url) {
        STRING(NEXT("refused") FIRST("ip"), t->ip);
        STRING(NEXT("domain"), t->domain);
        STRING(NEXT("url"), t->url);
        LITERAL("}");
    } else {
        LITERAL(NEXT("refused") "null");
    }
    STRING(NEXT("help_url"), t->help_url);
    STRING(NEXT("provider"), t->provider);
    return at;
}

static char *put_evidence(struct json_writer *w, char *at, const struct evidence *e)
{
    if (!e->rule && !e->where && !e->text && !e->tier) {
        LITERAL(NEXT("evidence") "null");
        return at;
    }
    STRING(NEXT("evidence") FIRST("rule"), e->rule);
    NUMBER(NEXT("tier"), e->tier > 0, (uint64_t)e->tier);
    STRING(NEXT("file"), e->file);
    NUMBER(NEXT("line"), e->line > 0, e->line);
    STRING(NEXT("where"), e->where);
    NUMBER(NEXT("offset"), e->offset != SIZE_MAX, e->offset);
    STRING(NEXT("text"), e->text);
    if (e->tag) /* only a user's rule has one */
        STRING(NEXT("tag"), e->tag);
    if (e->service_reason)
        NAMED(NEXT("service_reason"), name_of_reason(e->service_reason));
    LITERAL("}");
    return at;
}

static char *put_explain(struct json_writer *w, char *at, const struct bounce_recipient *r)
{
    LITERAL(NEXT("explain") "[");
    for (size_t i = 0; i < r->verdict.explain_count; i++) {
        COMMA();
        STRING("", r->verdict.explain[i]);
    }
    LITERAL("]");
    return at;
}

static char *put_verdict(struct json_writer *w, char *at, const struct bounce_recipient *r)
{
    if (r->facts.action != BOUNCE_ACTION_UNKNOWN)
        NAMED(NEXT("action"), name_of_action(r->facts.action));
    else
        LITERAL(NEXT("action") "null");
    NAMED(NEXT("type"), name_of_type(r->verdict.type));
    NAMED(NEXT("reason"), name_of_reason(r->verdict.reason));
    NAMED(NEXT("group"), name_of_group(r->verdict.group));
    if (r->verdict.has_cause)
        NAMED(NEXT("cause"), name_of_reason(r->verdict.cause));
    else
        LITERAL(NEXT("cause") "null");
    BOOL(NEXT("permanent"), r->verdict.permanent);
    if (r->verdict.decided_by != BOUNCE_DECIDED_BY_NOBODY)
        NAMED(NEXT("decided_by"), name_of_decided_by(r->verdict.decided_by));
    else
        LITERAL(NEXT("decided_by") "null");
    STRING(NEXT("status"), r->verdict.status);
    STRING(NEXT("stated_status"), r->verdict.stated_status);
    NUMBER(NEXT("reply_code"), r->facts.reply_code > 0, (uint64_t)r->facts.reply_code);
    if (r->facts.command != BOUNCE_COMMAND_NONE)
        NAMED(NEXT("command"), name_of_command(r->facts.command));
    else
        LITERAL(NEXT("command") "null");
    return at;
}

static char *put_attempts(struct json_writer *w, char *at, const struct bounce_recipient *r)
{
    if (!r->verdict.last_attempt_text && !r->verdict.will_retry_until_text && r->verdict.queued_for_s < 0 &&
        r->facts.attempts < 0) {
        LITERAL(NEXT("last_attempt") "null" NEXT("will_retry_until") "null");
        LITERAL(NEXT("queued_for_s") "null" NEXT("attempts") "null");
        return at;
    }
    STRING(NEXT("last_attempt"), r->verdict.last_attempt_text);
    STRING(NEXT("will_retry_until"), r->verdict.will_retry_until_text);
    NUMBER(NEXT("queued_for_s"), r->verdict.queued_for_s >= 0, (uint64_t)r->verdict.queued_for_s);
    NUMBER(NEXT("attempts"), r->facts.attempts >= 0, (uint64_t)r->facts.attempts);
    return at;
}

/* A fact that may not be known. */
#define FACT(key, fact) ((fact) == FACT_UNKNOWN ? LITERAL(key "null") : BOOL(key, (fact) == FACT_TRUE))

static char *put_recipient_trust(char *at, const struct recipient_trust *t)
{
    FACT(NEXT("trust") FIRST("named_in_original"), t->named_in_original);
    if (t->verp == FACT_UNKNOWN)
        LITERAL(NEXT("verp") "null}");
    else
        t->verp == FACT_TRUE ? LITERAL(NEXT("verp") "\"match\"}") : LITERAL(NEXT("verp") "\"mismatch\"}");
    return at;
}

/* Where the server was asked; only for logs. */
static char *put_remote(struct json_writer *w, char *at, const struct report_log *log)
{
    STRING(NEXT("remote_address"), log->remote_address);
    NUMBER(NEXT("remote_port"), log->port, log->port);
    return at;
}

static char *put_outcome(struct json_writer *w, char *at, const bounce_report *report, const struct bounce_recipient *r)
{
    STRING(NEXT("time"), outcome_time(report, r));
    FACT(NEXT("final"), outcome_final(report, r));
    return at;
}

/* shared: its place in the list of replies; SIZE_MAX: it is written out. */
static char *put_recipient(struct json_writer *w, char *at, const bounce_report *report,
                           const struct bounce_recipient *r, size_t shared)
{
    STRING(FIRST("address"), r->facts.address);
    STRING(NEXT("address_type"), r->facts.address_type);
    STRING(NEXT("original_recipient"), r->facts.original);
    at = put_verdict(w, at, r);
    STRING(NEXT("remote_mta"), r->facts.remote_mta);
    if (r->log)
        at = put_remote(w, at, r->log);
    STRING(NEXT("diagnostic_type"), r->facts.diagnostic_type);
    if (shared == SIZE_MAX)
        STRING(NEXT("diagnostic"), r->facts.diagnostic);
    else
        NUMBER(NEXT("diagnostic") "null" NEXT("diagnostic_of"), true, shared);
    at = put_attempts(w, at, r);
    BOOL(NEXT("partial"), r->facts.partial);
    at = put_advice(w, at, r);
    at = put_evidence(w, at, &r->verdict.evidence);
    STRING(NEXT("address_to_suppress"), r->to_suppress);
    at = put_recipient_trust(at, &r->trust);
    at = put_told(w, at, r->verdict.told);
    at = put_outcome(w, at, report, r);
    if (r->verdict.explain_count)
        at = put_explain(w, at, r);
    LITERAL("}");
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
        at = put_recipient(w, at, r, r->recipients[i], sharing_step(&sharing, r->recipients[i]));
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

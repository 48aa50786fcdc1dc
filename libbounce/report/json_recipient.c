/* SPDX-License-Identifier: MIT */
/*
 * json_recipient.c - one recipient as an object of JSON, for json.c.
 *
 * In: a settled recipient. Out: its object, with the keys in the order of the contract (doc/output.md).
 */
#include "report/json_writer.h"
#include "report/outcome.h"
#include "report/report.h"
#include "smtp/reasons.h"

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

char *json_recipient(struct json_writer *w, char *at, const bounce_report *report, const struct bounce_recipient *r,
                     size_t shared)
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

/* SPDX-License-Identifier: MIT */
/*
 * report.c - the result: growing it, freeing it, and the public accessors of
 * reports and recipients. Everything that a report returns is in its arena.
 */
#include "report/report.h"
#include "base/limits.h"
#include "smtp/reasons.h"

#include <glib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The report of a reply fits into two such blocks. With their headers they are
 * of the longest size that malloc() of glibc 2.36 keeps at hand. */
enum { FIRST_BLOCK_BYTES = 1008 };

struct bounce_report *report_make(const char *rules_digest, struct arena *memory, struct arena_exit *way_out,
                                  struct bounce_report **made)
{
    struct arena arena;
    if (memory && memory->first) {
        arena = *memory;
        arena_init(memory);
    } else {
        arena_init_small(&arena, FIRST_BLOCK_BYTES);
    }
    arena.exit = way_out;
    struct bounce_report *r = arena_calloc(&arena, 1, sizeof *r);
    r->arena = arena;
    *made = r;
    r->arrival = r->date = INT64_MIN;
    r->rules_digest = rules_digest == bounce_builtin_layer.label ? rules_digest : arena_strdup(&r->arena, rules_digest);
    return r;
}

struct bounce_recipient *report_add_recipient(struct bounce_report *r)
{
    if (r->recipient_count >= LIMIT_RECIPIENTS) {
        report_warn(r, "too-many-recipients", "the report names more recipients than are read");
        return NULL;
    }
    r->recipients =
        arena_grow(&r->arena, r->recipients, r->recipient_count, &r->recipient_capacity, sizeof *r->recipients);
    struct bounce_recipient *to = arena_calloc(&r->arena, 1, sizeof *to);
    to->facts.last_attempt = to->facts.will_retry_until = INT64_MIN;
    to->facts.attempts = to->verdict.queued_for_s = -1;
    to->verdict.evidence.offset = SIZE_MAX;
    r->recipients[r->recipient_count++] = to;
    return to;
}

bool report_state(struct bounce_report *r, bounce_report_field field, const char *value)
{
    if (!value || !*value || r->strings[field])
        return false;
    r->strings[field] = value;
    return true;
}

void report_warn(struct bounce_report *r, const char *id, const char *text)
{
    for (size_t i = 0; i < r->warning_count; i++)
        if (strcmp(r->warnings[i].id, id) == 0)
            return;
    if (!r->warnings)
        r->warnings = arena_alloc(&r->arena, LIMIT_WARNINGS * sizeof *r->warnings);
    if (r->warning_count < LIMIT_WARNINGS)
        r->warnings[r->warning_count++] = (struct report_warning){id, arena_strdup(&r->arena, text)};
}

void report_trace(struct bounce_report *r, const char *format, ...)
{
    r->trace = arena_grow(&r->arena, r->trace, r->trace_count, &r->trace_capacity, sizeof *r->trace);
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    size_t size = n < 0 ? 1 : (size_t)n + 1;
    char *line = arena_alloc(&r->arena, size);
    line[0] = '\0';
    va_start(args, format);
    vsnprintf(line, size, format, args);
    va_end(args);
    r->trace[r->trace_count++] = line;
}

void report_ask_headers(struct bounce_report *r, char *const *names, size_t count)
{
    r->headers = arena_calloc(&r->arena, count, sizeof *r->headers);
    r->header_count = count;
    for (size_t i = 0; i < count; i++)
        r->headers[i].name = arena_strdup(&r->arena, names[i]);
}

struct arena report_unmake(struct bounce_report *r)
{
    struct arena arena = r->arena; /* in which the report is */
    g_free(r->json);
    return arena;
}

void bounce_report_free(bounce_report *report)
{
    if (!report)
        return;
    struct arena arena = report_unmake(report);
    arena_free(&arena);
}

bounce_kind bounce_report_kind(const bounce_report *report)
{
    return report ? report->kind : BOUNCE_KIND_NONE;
}

const char *bounce_report_string(const bounce_report *report, bounce_report_field field)
{
    size_t i = (size_t)field;
    return report && i < REPORT_FIELDS ? report->strings[i] : NULL;
}

/* ---------------------------------------------------------------- trust */

bounce_sent_answer bounce_report_sent(const bounce_report *report)
{
    return report ? report->trust.sent : BOUNCE_SENT_NOT_ASKED;
}

static const char *const returned_names[] = {
    [RETURNED_NONE] = "none", [RETURNED_HEADERS] = "headers", [RETURNED_FULL] = "full"};

const char *bounce_report_trust(const bounce_report *report, bounce_trust_field field)
{
    static const struct trust_auth nothing;
    if (!report)
        return NULL;
    const struct trust_auth *auth = report->trust.auth ? report->trust.auth : &nothing;
    switch (field) {
    case BOUNCE_TRUST_SENT_WHY: return report->trust.sent_why;
    case BOUNCE_TRUST_RETURNED: return returned_names[report->trust.returned];
    case BOUNCE_TRUST_SPF: return auth->spf;
    case BOUNCE_TRUST_DKIM: return auth->dkim;
    case BOUNCE_TRUST_DMARC: return auth->dmarc;
    case BOUNCE_TRUST_ARC: return auth->arc;
    case BOUNCE_TRUST_OF: return auth->of;
    }
    return NULL;
}

static bool known_fact(enum tristate fact, bool *value)
{
    if (fact == FACT_UNKNOWN)
        return false;
    if (value)
        *value = fact == FACT_TRUE;
    return true;
}

bool bounce_report_null_sender(const bounce_report *report, bool *value)
{
    return report && known_fact(report->trust.null_sender, value);
}

bool bounce_report_reporter_related(const bounce_report *report, bool *value)
{
    return report && known_fact(report->trust.reporter_related, value);
}

bool bounce_recipient_named_in_original(const bounce_recipient *recipient, bool *value)
{
    return recipient && known_fact(recipient->trust.named_in_original, value);
}

bool bounce_recipient_verp_matches(const bounce_recipient *recipient, bool *value)
{
    return recipient && known_fact(recipient->trust.verp, value);
}

bool bounce_report_machine(const bounce_report *report)
{
    return report && report->machine;
}

bool bounce_report_auto_reply_left(const bounce_report *report)
{
    return report && report->left;
}

size_t bounce_report_inferred_count(const bounce_report *report)
{
    size_t count = 0;
    for (unsigned bits = report ? report->inferred : 0; bits; bits &= bits - 1)
        count++;
    return count;
}

const char *bounce_report_inferred(const bounce_report *report, size_t index)
{
    static const char *const names[] = {[INFERRED_SOURCE_IP] = "source_ip",
                                        [INFERRED_MAIL_FROM] = "original_mail_from",
                                        [INFERRED_ARRIVAL_DATE] = "arrival_date",
                                        [INFERRED_RECIPIENTS] = "recipients"};
    for (size_t i = 0; report && i < INFERRED_COUNT; i++)
        if (report->inferred >> i & 1 && index-- == 0)
            return names[i];
    return NULL;
}

size_t bounce_report_headers(const bounce_report *report)
{
    return report ? report->header_count : 0;
}

static const struct asked_header *header_at(const bounce_report *report, size_t index)
{
    static const struct asked_header none;
    return report && index < report->header_count ? &report->headers[index] : &none;
}

const char *bounce_report_header_name(const bounce_report *report, size_t index)
{
    return header_at(report, index)->name;
}

size_t bounce_report_header_count(const bounce_report *report, size_t index)
{
    return header_at(report, index)->count;
}

const char *bounce_report_header(const bounce_report *report, size_t index, size_t field)
{
    const struct asked_header *header = header_at(report, index);
    return field < header->count ? header->values[field] : NULL;
}

size_t bounce_report_recipients(const bounce_report *report)
{
    return report ? report->recipient_count : 0;
}

const bounce_recipient *bounce_report_recipient(const bounce_report *report, size_t index)
{
    return report && index < report->recipient_count ? report->recipients[index] : NULL;
}

size_t bounce_report_warnings(const bounce_report *report)
{
    return report ? report->warning_count : 0;
}

const char *bounce_report_warning_id(const bounce_report *report, size_t index)
{
    return report && index < report->warning_count ? report->warnings[index].id : NULL;
}

const char *bounce_report_warning_text(const bounce_report *report, size_t index)
{
    return report && index < report->warning_count ? report->warnings[index].text : NULL;
}

size_t bounce_report_trace_count(const bounce_report *report)
{
    return report ? report->trace_count : 0;
}

const char *bounce_report_trace(const bounce_report *report, size_t index)
{
    return report && index < report->trace_count ? report->trace[index] : NULL;
}

const char *bounce_recipient_string(const bounce_recipient *r, bounce_recipient_field field)
{
    if (!r)
        return NULL;
    switch (field) {
    case BOUNCE_RECIPIENT_ADDRESS: return r->facts.address;
    case BOUNCE_RECIPIENT_ADDRESS_TYPE: return r->facts.address_type;
    case BOUNCE_RECIPIENT_ORIGINAL: return r->facts.original;
    case BOUNCE_RECIPIENT_STATUS: return r->verdict.status;
    case BOUNCE_RECIPIENT_STATED_STATUS: return r->verdict.stated_status;
    case BOUNCE_RECIPIENT_REMOTE_MTA: return r->facts.remote_mta;
    case BOUNCE_RECIPIENT_DIAGNOSTIC_TYPE: return r->facts.diagnostic_type;
    case BOUNCE_RECIPIENT_DIAGNOSTIC: return r->facts.diagnostic;
    case BOUNCE_RECIPIENT_LAST_ATTEMPT: return r->verdict.last_attempt_text;
    case BOUNCE_RECIPIENT_WILL_RETRY_UNTIL: return r->verdict.will_retry_until_text;
    case BOUNCE_RECIPIENT_ADVICE_TEXT: return r->verdict.advice_text;
    case BOUNCE_RECIPIENT_ADVICE_THEN: return r->verdict.advice_then;
    case BOUNCE_RECIPIENT_EVIDENCE_RULE: return r->verdict.evidence.rule;
    case BOUNCE_RECIPIENT_EVIDENCE_FILE: return r->verdict.evidence.file;
    case BOUNCE_RECIPIENT_EVIDENCE_WHERE: return r->verdict.evidence.where;
    case BOUNCE_RECIPIENT_EVIDENCE_TEXT: return r->verdict.evidence.text;
    case BOUNCE_RECIPIENT_EVIDENCE_WHY: return r->verdict.evidence.why;
    case BOUNCE_RECIPIENT_TAG: return r->verdict.evidence.tag;
    case BOUNCE_RECIPIENT_REMOTE_ADDRESS: return r->log ? r->log->remote_address : NULL;
    }
    return NULL;
}

const char *bounce_recipient_address_to_suppress(const bounce_recipient *r)
{
    return r ? r->to_suppress : NULL;
}

/* ---------------------------------------------------- what a reply states */

static const struct told_facts *told_of(const bounce_recipient *r)
{
    static const struct told_facts nothing;
    return r && r->verdict.told ? r->verdict.told : &nothing;
}

const char *bounce_recipient_told(const bounce_recipient *r, bounce_told_field field)
{
    static const struct known_blocklist none;
    const struct told_facts *t = told_of(r);
    const struct known_blocklist *list = t->blocklist ? t->blocklist : &none;
    switch (field) {
    case BOUNCE_TOLD_BLOCKLIST_NAME: return list->name;
    case BOUNCE_TOLD_BLOCKLIST_ZONE: return list->zone;
    case BOUNCE_TOLD_BLOCKLIST_URL: return list->url;
    case BOUNCE_TOLD_REFUSED_IP: return t->ip;
    case BOUNCE_TOLD_REFUSED_DOMAIN: return t->domain;
    case BOUNCE_TOLD_REFUSED_URL: return t->url;
    case BOUNCE_TOLD_HELP_URL: return t->help_url;
    case BOUNCE_TOLD_PROVIDER: return t->provider;
    }
    return NULL;
}

bounce_queue bounce_recipient_queue(const bounce_recipient *r)
{
    return r ? r->verdict.queue : BOUNCE_QUEUE_NONE;
}

const char *bounce_recipient_mend(const bounce_recipient *r)
{
    return r ? r->verdict.mend : NULL;
}

static bool known_number(int64_t stored, uint64_t *value)
{
    if (stored < 0)
        return false;
    if (value)
        *value = (uint64_t)stored;
    return true;
}

bool bounce_recipient_number(const bounce_recipient *r, bounce_recipient_number_field field, uint64_t *value)
{
    if (!r)
        return false;
    switch (field) {
    case BOUNCE_RECIPIENT_REPLY_CODE: return r->facts.reply_code && known_number(r->facts.reply_code, value);
    case BOUNCE_RECIPIENT_QUEUED_FOR_S: return known_number(r->verdict.queued_for_s, value);
    case BOUNCE_RECIPIENT_ATTEMPTS: return known_number(r->facts.attempts, value);
    case BOUNCE_RECIPIENT_EVIDENCE_TIER:
        return r->verdict.evidence.tier && known_number(r->verdict.evidence.tier, value);
    case BOUNCE_RECIPIENT_EVIDENCE_LINE:
        return r->verdict.evidence.line && known_number(r->verdict.evidence.line, value);
    case BOUNCE_RECIPIENT_EVIDENCE_OFFSET:
        return r->verdict.evidence.offset != SIZE_MAX && known_number((int64_t)r->verdict.evidence.offset, value);
    case BOUNCE_RECIPIENT_REMOTE_PORT: return r->log && r->log->port && known_number((int64_t)r->log->port, value);
    case BOUNCE_RECIPIENT_RETRY_STATED_S:
        return told_of(r)->retry_s && known_number((int64_t)told_of(r)->retry_s, value);
    }
    return false;
}

bounce_action bounce_recipient_action(const bounce_recipient *r)
{
    return r ? r->facts.action : BOUNCE_ACTION_UNKNOWN;
}

bounce_type bounce_recipient_type(const bounce_recipient *r)
{
    return r ? r->verdict.type : BOUNCE_TYPE_NONE;
}

bounce_reason bounce_recipient_reason(const bounce_recipient *r)
{
    return r ? r->verdict.reason : BOUNCE_REASON_UNKNOWN;
}

bounce_group bounce_recipient_group(const bounce_recipient *r)
{
    return r ? r->verdict.group : BOUNCE_GROUP_OTHER;
}

bool bounce_recipient_cause(const bounce_recipient *r, bounce_reason *cause)
{
    if (!r || !r->verdict.has_cause)
        return false;
    if (cause)
        *cause = r->verdict.cause;
    return true;
}

bool bounce_recipient_permanent(const bounce_recipient *r)
{
    return r && r->verdict.permanent;
}

bounce_decided_by bounce_recipient_decided_by(const bounce_recipient *r)
{
    return r ? r->verdict.decided_by : BOUNCE_DECIDED_BY_NOBODY;
}

bounce_command bounce_recipient_command(const bounce_recipient *r)
{
    return r ? r->facts.command : BOUNCE_COMMAND_NONE;
}

bool bounce_recipient_partial(const bounce_recipient *r)
{
    return r && r->facts.partial;
}

size_t bounce_recipient_advice_count(const bounce_recipient *r)
{
    return r ? r->verdict.advice_count : 0;
}

bounce_advice bounce_recipient_advice(const bounce_recipient *r, size_t index)
{
    return r && index < r->verdict.advice_count ? r->verdict.advice[index] : BOUNCE_ADVICE_NONE;
}

size_t bounce_recipient_retry_count(const bounce_recipient *r)
{
    return r ? r->verdict.retry_count : 0;
}

uint64_t bounce_recipient_retry_after_s(const bounce_recipient *r, size_t index)
{
    return r && index < r->verdict.retry_count ? r->verdict.retry_after_s[index] : 0;
}

size_t bounce_recipient_explain_count(const bounce_recipient *r)
{
    return r ? r->verdict.explain_count : 0;
}

const char *bounce_recipient_explain(const bounce_recipient *r, size_t index)
{
    return r && index < r->verdict.explain_count ? r->verdict.explain[index] : NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * dsn.c - the fields of a delivery status notification (RFC 3464 2, RFC 6533).
 *
 * In: decoded text. Out: recipients with the facts that the fields state.
 * Tolerated: groups that blank lines split or do not split, fields in a child
 * part with a header of its own (Gmail), reply codes where a status belongs,
 * several Diagnostic-Code fields, unknown fields. Refused: nothing; what is no
 * field is skipped.
 */
#include "reading/dsn.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/date.h"
#include "reading/reading.h"

#include <string.h>

/* Where a recipient's fields gather. */
struct gather {
    struct reading *rd;
    struct bounce_recipient *to;
    unsigned seen;                      /* bit of each field that may stand once */
    struct bounce_recipient *diagnosed; /* whose diagnostic is in: */
    struct strbuf diagnostic;
};

enum { SEEN_FINAL = 1, SEEN_ORIGINAL = 2, SEEN_ACTION = 4, SEEN_STATUS = 8 };

static char *decode(struct gather *g, struct span raw)
{
    return text_decode_header(g->rd->scratch, raw, NULL);
}

/* "dns; mx.example.net (192.0.2.1)" -> "mx.example.net" */
static const char *host_value(struct gather *g, struct span raw)
{
    struct span v = span_z(decode(g, raw));
    const char *semicolon = memchr(v.s, ';', v.n);
    if (semicolon && (size_t)(semicolon - v.s) < 20)
        v = span_of(semicolon + 1, (size_t)(v.s + v.n - semicolon - 1));
    v = span_trim(v);
    size_t n = 0;
    while (n < v.n && !ascii_is_space(v.s[n]) && v.s[n] != '(' && v.s[n] != ';')
        n++;
    while (n && (v.s[n - 1] == '.' || v.s[n - 1] == ','))
        n--;
    return n ? arena_strndup(&g->rd->report->arena, v.s, n) : NULL;
}

static void set_string(struct gather *g, bounce_report_field field, const char *value)
{
    if (value && *value && !g->rd->report->strings[field])
        g->rd->report->strings[field] = value;
}

static void set_date(struct gather *g, struct span raw, int64_t *to)
{
    int64_t seconds;
    if (*to == INT64_MIN && date_parse(span_z(decode(g, raw)), &seconds))
        *to = seconds;
}

/* Makes sure that a recipient is open; a field that was seen begins the next. */
static struct bounce_recipient *recipient(struct gather *g, unsigned field)
{
    if (g->to && (g->seen & field))
        g->to = NULL;
    if (!g->to) {
        g->to = report_add_recipient(g->rd->report);
        g->seen = 0;
    }
    g->seen |= field;
    return g->to;
}

static void read_address(struct gather *g, struct span raw, bool final)
{
    struct address a;
    struct bounce_recipient *to = recipient(g, final ? SEEN_FINAL : SEEN_ORIGINAL);
    struct span value = span_trim(span_z(decode(g, raw)));
    if (span_starts_nocase(value, "rfc/822;")) /* Mimecast */
        value = span_of(value.s + 8, value.n - 8);
    if (!to || !address_from_field(&g->rd->report->arena, value, &a))
        return;
    if (final) {
        to->address = a.address;
        to->address_type = a.type;
    } else {
        to->original = a.address;
    }
}

static void read_action(struct gather *g, struct span raw)
{
    static const struct {
        const char *word;
        bounce_action action;
    } words[] = {{"fail", BOUNCE_ACTION_FAILED},         {"deliverable", BOUNCE_ACTION_DELIVERED},
                 {"delivered", BOUNCE_ACTION_DELIVERED}, {"delay", BOUNCE_ACTION_DELAYED},
                 {"relay", BOUNCE_ACTION_RELAYED},       {"expand", BOUNCE_ACTION_EXPANDED},
                 {"undeliver", BOUNCE_ACTION_FAILED},    {"bounce", BOUNCE_ACTION_FAILED}};
    struct bounce_recipient *to = recipient(g, SEEN_ACTION);
    struct span v = span_trim(span_z(decode(g, raw)));
    for (size_t i = 0; to && i < sizeof words / sizeof *words; i++)
        if (span_starts_nocase(v, words[i].word)) {
            to->action = words[i].action;
            return;
        }
}

/* "5.1.1 (comment)"; some write a reply there. */
static void read_status(struct gather *g, struct span raw)
{
    struct bounce_recipient *to = recipient(g, SEEN_STATUS);
    if (!to)
        return;
    struct span v = span_trim(span_z(decode(g, raw)));
    while (v.n && (v.s[0] == '"' || v.s[0] == '#' || v.s[0] == '('))
        v.s++, v.n--;
    struct enhanced e;
    size_t used = 0;
    if (enhanced_parse(v, &e, &used)) {
        to->field_status = e;
        struct span rest = span_trim(span_of(v.s + used, v.n - used));
        if (rest.n > 4)
            recipient_add_text(g->rd->report, to, ORIGIN_BESIDE, "Status", rest);
        return;
    }
    struct reply reply;
    reply_read_parts(g->rd->scratch, v, 0, &reply);
    to->field_status = reply.status;
    to->reply_code = reply.code;
    to->has_remote_reply = reply.code >= 400;
    if (v.n > 16 && !to->diagnostic) /* "Status: 553 Exceeded maximum inbound message size" */
        to->diagnostic = arena_strndup(&g->rd->report->arena, v.s, v.n);
}

/* Several such fields are one text. */
static void add_diagnostic(struct gather *g, struct bounce_recipient *to, struct span text)
{
    if (g->diagnosed != to) {
        strbuf_init(&g->diagnostic, &g->rd->report->arena);
        strbuf_puts(&g->diagnostic, to->diagnostic ? to->diagnostic : "");
        g->diagnosed = to;
    }
    if (g->diagnostic.n)
        strbuf_putc(&g->diagnostic, ' ');
    strbuf_add(&g->diagnostic, text.s, text.n);
    to->diagnostic = g->diagnostic.s;
}

/* "smtp; 550 5.1.1 User unknown" */
static void read_diagnostic(struct gather *g, struct span raw)
{
    struct bounce_recipient *to = recipient(g, 0);
    if (!to)
        return;
    struct arena *a = &g->rd->report->arena;
    struct span v = span_trim(span_z(decode(g, raw)));
    size_t i = 0;
    while (i < v.n && i < 24 && (ascii_is_alnum(v.s[i]) || v.s[i] == '-' || v.s[i] == '_'))
        i++;
    size_t type = i;
    while (i < v.n && v.s[i] == ' ')
        i++;
    if (type && i < v.n && v.s[i] == ';' && !ascii_is_digit(v.s[0])) {
        if (!to->diagnostic_type) {
            char *name = arena_strndup(a, v.s, type);
            bytes_lower(name, name, type);
            to->diagnostic_type = name;
        }
        v = span_trim(span_of(v.s + i + 1, v.n - i - 1));
    }
    if (!v.n)
        return;
    add_diagnostic(g, to, v);
}

static void read_number(struct gather *g, struct span raw, int64_t *to)
{
    struct span v = span_trim(raw);
    int64_t n = 0;
    size_t i = 0;
    for (; i < v.n && i < 9 && ascii_is_digit(v.s[i]); i++)
        n = n * 10 + (v.s[i] - '0');
    if (i && g->to)
        *to = n;
}

/* Fields that concern the recipient at hand. False if it is none of them. */
static bool read_recipient_field(struct gather *g, const struct field *f)
{
    if (span_equal_nocase(f->name, "Final-Recipient"))
        read_address(g, f->value, true);
    else if (span_equal_nocase(f->name, "Original-Recipient"))
        read_address(g, f->value, false);
    else if (span_equal_nocase(f->name, "Action"))
        read_action(g, f->value);
    else if (span_equal_nocase(f->name, "Status"))
        read_status(g, f->value);
    else if (span_equal_nocase(f->name, "Diagnostic-Code"))
        read_diagnostic(g, f->value);
    else if (!g->to)
        return false;
    else if (span_equal_nocase(f->name, "Remote-MTA"))
        g->to->remote_mta = host_value(g, f->value);
    else if (span_equal_nocase(f->name, "Last-Attempt-Date"))
        set_date(g, f->value, &g->to->last_attempt);
    else if (span_equal_nocase(f->name, "Will-Retry-Until"))
        set_date(g, f->value, &g->to->will_retry_until);
    else if (span_equal_nocase(f->name, "X-Delivery-Attempts") || span_equal_nocase(f->name, "X-Attempts"))
        read_number(g, f->value, &g->to->attempts);
    else if (span_equal_nocase(f->name, "X-Actual-Recipient")) {
        struct address a;
        /* Sendmail: Final-Recipient names the alias, this one its target. */
        if (g->to->address && address_from_field(&g->rd->report->arena, span_z(decode(g, f->value)), &a) &&
            address_is_plausible(span_z(a.address)) && !address_equal(a.address, g->to->address)) {
            g->to->original = g->to->address;
            g->to->address = a.address;
        }
    } else if (span_starts_nocase(f->name, "X-") &&
               (span_find_nocase(f->name, "notes") || span_find_nocase(f->name, "reason") ||
                span_find_nocase(f->name, "supplementary-info") || span_find_nocase(f->name, "display-text")))
        recipient_add_text(g->rd->report, g->to, ORIGIN_BESIDE,
                           arena_strndup(&g->rd->report->arena, f->name.s, f->name.n), span_z(decode(g, f->value)));
    return true;
}

static void read_message_field(struct gather *g, const struct field *f)
{
    struct arena *a = &g->rd->report->arena;
    if (span_equal_nocase(f->name, "Reporting-MTA"))
        set_string(g, BOUNCE_REPORT_REPORTING_MTA, host_value(g, f->value));
    else if (span_equal_nocase(f->name, "Arrival-Date"))
        set_date(g, f->value, &g->rd->report->arrival);
    else if (span_equal_nocase(f->name, "Original-Envelope-Id")) {
        struct address id = {0};
        char *field = arena_printf(g->rd->scratch, "id;%s", decode(g, f->value));
        if (address_from_field(a, span_z(field), &id))
            set_string(g, BOUNCE_REPORT_ENVELOPE_ID, id.address);
    }
}

/* A recipient that no field named is none: what it states goes to the one before. */
static void close_recipient(struct gather *g)
{
    struct bounce_report *r = g->rd->report;
    struct bounce_recipient *to = g->to;
    if (!to || to->address || to->original || r->recipient_count < 2)
        return;
    struct bounce_recipient *before = r->recipients[r->recipient_count - 2];
    if (!before->diagnostic) {
        before->diagnostic = to->diagnostic;
        before->diagnostic_type = to->diagnostic_type;
    }
    if (!before->action)
        before->action = to->action;
    if (!before->field_status.class_)
        before->field_status = to->field_status;
    if (!before->remote_mta)
        before->remote_mta = to->remote_mta;
    r->recipient_count--;
}

void dsn_read(struct reading *rd, struct span fields)
{
    struct gather g = {.rd = rd};
    struct field_group group;
    size_t bad = 0;
    bool truncated = false;
    while (fields_read_group(rd->scratch, &fields, LIMIT_HEADER_LINES, &group, &bad, &truncated)) {
        /* Fields of a recipient that go on behind a blank line name no recipient again. */
        bool names = fields_get(&group, "Final-Recipient").s || fields_get(&group, "Original-Recipient").s;
        if (names) {
            close_recipient(&g);
            g.to = NULL;
        }
        if (!names && !rd->status_group.count)
            rd->status_group = group;
        for (size_t i = 0; i < group.count; i++)
            if (!read_recipient_field(&g, &group.fields[i]))
                read_message_field(&g, &group.fields[i]);
        if (truncated)
            break;
    }
    close_recipient(&g);
    if (truncated)
        report_warn(rd->report, "too-many-fields", "a delivery status has more lines than are read");
    rd->status_fields_seen = true;
}

bool dsn_find(struct span text, size_t *from)
{
    static const char *const names[] = {"Reporting-MTA:", "Final-Recipient:", "Original-Recipient:", NULL};
    struct span rest = text, line;
    bool found = false;
    size_t first = 0;
    while (span_next_line(&rest, &line)) {
        for (size_t i = 0; names[i]; i++)
            if (span_starts_nocase(line, names[i])) {
                if (!found)
                    first = (size_t)(line.s - text.s);
                found = true;
                if (i) { /* a recipient is named: this is a delivery status */
                    *from = first;
                    return true;
                }
            }
    }
    return false;
}

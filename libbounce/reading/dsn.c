/* SPDX-License-Identifier: MIT */
/*
 * dsn.c - the fields of a delivery status notification (RFC 3464 2, RFC 6533).
 *
 * In: decoded text. Out: a finding for each recipient, with what its fields state.
 * Tolerated: groups that blank lines split or do not split, fields in a child
 * part with a header of its own (Gmail), reply codes where a status belongs,
 * several Diagnostic-Code fields, unknown fields. Refused: nothing; what is not
 * a field is skipped.
 */
#include "reading/dsn.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/cfws.h"
#include "mail/date.h"
#include "reading/findings.h"
#include "reading/header_addresses.h"
#include "reading/reading.h"
#include "text/header.h"
#include "text/octal.h"

#include <string.h>

/* A comment or note beside a recipient's fields: words about it. */
struct note {
    const char *where;
    struct span words;
    struct note *next;
};

/* A recipient whose fields are being read. */
struct group {
    bool open;
    struct finding f;
    struct note *notes, **notes_end;
    struct strbuf diagnostic;
};

enum { SEEN_FINAL = 1, SEEN_ORIGINAL = 2, SEEN_ACTION = 4, SEEN_STATUS = 8 };

/* Where fields gather. A group that names nobody belongs to the one before, which is
 * therefore not yet among the findings. */
struct gather {
    struct reading *rd;
    enum finding_reader reader;
    struct group now, before;
    unsigned seen; /* bit of each field that may appear once */
};

static char *decode(struct gather *g, struct span raw)
{
    char *value = message_decode_field(&g->rd->m, raw);
    const struct span all = span_z(value), read = text_unescape(g->rd->scratch, all);
    return read.s == all.s ? value : arena_strndup(g->rd->scratch, read.s, read.n);
}

/* The decoded value without the comments before it, which RFC 3464 2.1.1 allows. */
static struct span decode_bare(struct gather *g, struct span raw)
{
    return span_trim(skip_cfws(span_z(decode(g, raw))));
}

/* "dns; mx.example.net (192.0.2.1)" -> "mx.example.net" */
static const char *host_value(struct gather *g, struct span raw)
{
    struct span v = decode_bare(g, raw);
    const char *semicolon = memchr(v.s, ';', v.n);
    if (semicolon && (size_t)(semicolon - v.s) < 20)
        v = span_of(semicolon + 1, (size_t)(v.s + v.n - semicolon - 1));
    v = skip_cfws(v);
    size_t n = 0;
    while (n < v.n && !ascii_is_space(v.s[n]) && v.s[n] != '(' && v.s[n] != ';')
        n++;
    while (n && (v.s[n - 1] == '.' || v.s[n - 1] == ','))
        n--;
    return n ? arena_strndup(&g->rd->report->arena, v.s, n) : NULL;
}

static void set_date(struct gather *g, struct span raw, int64_t *to)
{
    int64_t seconds;
    if (*to == INT64_MIN && date_parse(span_z(decode(g, raw)), &seconds))
        *to = seconds;
}

static void emit(struct gather *g, struct group *group)
{
    if (!group->open)
        return;
    struct reading *rd = g->rd;
    const uint32_t at = (uint32_t)rd->findings.count;
    struct finding *f = findings_add(rd, FINDING_FIELDS, g->reader);
    group->f.parent = at;
    *f = group->f;
    if (g->reader == READER_DISPOSITION) /* what the owner of a mailbox or a filter did */
        f->decided_by = BOUNCE_DECIDED_BY_REPORTER;
    if (group->diagnostic.n) {
        f->diagnostic = group->diagnostic.s;
        f->text = texts_intern(rd, span_of(group->diagnostic.s, group->diagnostic.n));
        f->where = "Diagnostic-Code";
        f->command = texts_reply(rd, f->text)->command;
    }
    for (const struct note *note = group->notes; note; note = note->next)
        findings_add_text(rd, at, ORIGIN_BESIDE, note->where, texts_add(rd, note->words));
    group->open = false;
}

static void begin_group(struct gather *g)
{
    struct group *group = &g->now;
    *group = (struct group){.open = true,
                            .f = {.kind = FINDING_FIELDS,
                                  .reader = g->reader,
                                  .last_attempt = INT64_MIN,
                                  .will_retry_until = INT64_MIN,
                                  .attempts = -1}};
    group->notes_end = &group->notes;
    strbuf_init(&group->diagnostic, &g->rd->report->arena);
    g->seen = 0;
}

/* A group without a field that names anybody: what it states goes to the one before. */
static void give_to_before(struct group *before, const struct group *nameless)
{
    struct finding *to = &before->f;
    const struct finding *from = &nameless->f;
    if (!before->diagnostic.n) {
        before->diagnostic = nameless->diagnostic;
        to->diagnostic_type = from->diagnostic_type;
    }
    if (!to->action)
        to->action = from->action;
    if (!to->status.class_)
        to->status = from->status;
    if (!to->reply_code)
        to->reply_code = from->reply_code;
    if (!to->remote_mta)
        to->remote_mta = from->remote_mta;
    if (to->last_attempt == INT64_MIN)
        to->last_attempt = from->last_attempt;
    if (to->will_retry_until == INT64_MIN)
        to->will_retry_until = from->will_retry_until;
    if (to->attempts < 0)
        to->attempts = from->attempts;
    *(before->notes ? before->notes_end : &before->notes) = nameless->notes;
    if (nameless->notes)
        before->notes_end = nameless->notes_end;
}

static void end_group(struct gather *g)
{
    if (!g->now.open)
        return;
    if (!(g->seen & (SEEN_FINAL | SEEN_ORIGINAL)) && g->before.open) {
        give_to_before(&g->before, &g->now);
    } else {
        emit(g, &g->before);
        g->before = g->now;
    }
    g->now.open = false;
}

/* The current group; a field that was already seen in it begins the next. */
static struct finding *recipient(struct gather *g, unsigned field)
{
    if (g->now.open && (g->seen & field))
        end_group(g);
    if (!g->now.open)
        begin_group(g);
    g->seen |= field;
    return &g->now.f;
}

static void add_note(struct gather *g, const char *where, struct span words)
{
    struct note *note = arena_calloc(g->rd->scratch, 1, sizeof *note);
    *note = (struct note){.where = where, .words = words};
    *g->now.notes_end = note;
    g->now.notes_end = &note->next;
}

static void read_address(struct gather *g, struct span raw, bool final)
{
    struct address a;
    struct finding *to = recipient(g, final ? SEEN_FINAL : SEEN_ORIGINAL);
    struct span value = span_trim(span_z(decode(g, raw)));
    if (span_starts_nocase(value, "rfc/822;")) /* Mimecast */
        value = span_of(value.s + 8, value.n - 8);
    if (!(final ? header_address_read(g->rd, value, &a) : header_address_read_orcpt(g->rd, value, &a)))
        return;
    if (final) {
        to->address = a.address;
        to->address_type = a.type;
    } else {
        to->alias = a.address;
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
    struct finding *to = recipient(g, SEEN_ACTION);
    struct span v = decode_bare(g, raw);
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_starts_nocase(v, words[i].word)) {
            to->action = words[i].action;
            return;
        }
}

/* "5.1.1 (comment)", "(comment) 5.1.1", and for some "(5.1.1)". */
static struct span status_value(struct gather *g, struct span raw)
{
    struct span v = span_trim(span_z(decode(g, raw)));
    const struct span bare = skip_cfws(v);
    struct enhanced e;
    size_t used = 0;
    if (enhanced_parse(bare, &e, &used))
        return bare;
    while (v.n && (v.s[0] == '"' || v.s[0] == '#' || v.s[0] == '('))
        v.s++, v.n--;
    return v;
}

/* What status_value() shows; some write a reply there. */
static void read_status(struct gather *g, struct span raw)
{
    struct finding *to = recipient(g, SEEN_STATUS);
    struct span v = status_value(g, raw);
    struct enhanced e;
    size_t used = 0;
    if (enhanced_parse(v, &e, &used)) {
        to->status = e;
        struct span rest = span_trim(span_of(v.s + used, v.n - used));
        if (rest.n > 4)
            add_note(g, "Status", rest);
        return;
    }
    const struct reply *reply = texts_reply(g->rd, texts_intern(g->rd, v));
    to->status = reply->status;
    to->reply_code = reply->code;
    /* "Status: 553 Exceeded maximum inbound message size", "Status: User unknown" */
    const bool words = v.n > 6 && ascii_is_alpha(v.s[0]) && memchr(v.s, ' ', v.n);
    if ((v.n > 16 || words) && !g->now.diagnostic.n)
        strbuf_add(&g->now.diagnostic, v.s, v.n);
}

/* Length of "smtp;" at the start of a Diagnostic-Code, 0 if there is none; *word gets the length of the type. */
static size_t diagnostic_type_length(struct span v, size_t *word)
{
    size_t i = 0;
    while (i < v.n && i < 24 && (ascii_is_alnum(v.s[i]) || v.s[i] == '-' || v.s[i] == '_'))
        i++;
    *word = i;
    while (i < v.n && v.s[i] == ' ')
        i++;
    return *word && i < v.n && v.s[i] == ';' && !ascii_is_digit(v.s[0]) ? i + 1 : 0;
}

/* "smtp; 550 5.1.1 User unknown". Several such fields are one text. */
static void read_diagnostic(struct gather *g, struct span raw)
{
    struct finding *to = recipient(g, 0);
    struct arena *a = &g->rd->report->arena;
    struct span v = span_trim(span_z(decode(g, raw)));
    const struct span bare = skip_cfws(v);
    size_t word, n = diagnostic_type_length(bare, &word);
    if (n)
        v = span_trim(span_of(bare.s + n, bare.n - n));
    if (n && !to->diagnostic_type) {
        char *name = arena_strndup(a, bare.s, word);
        bytes_lower(name, name, word);
        to->diagnostic_type = name;
    }
    if (!v.n)
        return;
    if (g->now.diagnostic.n)
        strbuf_putc(&g->now.diagnostic, ' ');
    strbuf_add(&g->now.diagnostic, v.s, v.n);
}

static void read_number(struct span raw, int64_t *to)
{
    struct span v = span_trim(raw);
    int64_t n = 0;
    size_t i = 0;
    for (; i < v.n && i < 9 && ascii_is_digit(v.s[i]); i++)
        n = n * 10 + (v.s[i] - '0');
    if (i)
        *to = n;
}

/* Sendmail: Final-Recipient names the alias, X-Actual-Recipient its target. Original-Recipient is what the sender
 * used, before both. */
static void read_target(struct gather *g, struct span raw)
{
    struct finding *to = &g->now.f;
    struct address a;
    if (to->address && header_address_read(g->rd, span_z(decode(g, raw)), &a) &&
        address_is_plausible(span_z(a.address)) && !address_equal(a.address, to->address)) {
        to->alias = to->alias ? to->alias : to->address;
        to->address = a.address;
    }
}

static bool is_note_name(struct span name)
{
    return span_starts_nocase(name, "X-") &&
           (span_find_nocase(name, "notes") || span_find_nocase(name, "reason") ||
            span_find_nocase(name, "supplementary-info") || span_find_nocase(name, "display-text"));
}

/* Fields about the current recipient. False if it is none of them. */
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
    else if (!g->now.open)
        return false;
    else if (span_equal_nocase(f->name, "Remote-MTA"))
        g->now.f.remote_mta = host_value(g, f->value);
    else if (span_equal_nocase(f->name, "Last-Attempt-Date"))
        set_date(g, f->value, &g->now.f.last_attempt);
    else if (span_equal_nocase(f->name, "Will-Retry-Until"))
        set_date(g, f->value, &g->now.f.will_retry_until);
    else if (span_equal_nocase(f->name, "X-Delivery-Attempts") || span_equal_nocase(f->name, "X-Attempts"))
        read_number(f->value, &g->now.f.attempts);
    else if (span_equal_nocase(f->name, "X-Actual-Recipient"))
        read_target(g, f->value);
    else if (is_note_name(f->name))
        add_note(g, arena_strndup(&g->rd->report->arena, f->name.s, f->name.n), span_z(decode(g, f->value)));
    return true;
}

/* The whole value counts, whatever the sender wrote (RFC 3464 2.2.1). */
static const char *envelope_id(struct gather *g, struct span raw)
{
    const struct span id = address_undo_xtext(g->rd->scratch, span_trim(span_z(decode(g, raw))));
    return arena_strndup(&g->rd->report->arena, id.s, id.n);
}

static void read_message_field(struct gather *g, const struct field *f)
{
    if (span_equal_nocase(f->name, "Reporting-MTA"))
        report_state(g->rd->report, BOUNCE_REPORT_REPORTING_MTA, host_value(g, f->value));
    else if (span_equal_nocase(f->name, "Arrival-Date"))
        set_date(g, f->value, &g->rd->report->arrival);
    else if (span_equal_nocase(f->name, "Original-Envelope-Id"))
        report_state(g->rd->report, BOUNCE_REPORT_ENVELOPE_ID, envelope_id(g, f->value));
}

void dsn_read(struct reading *rd, struct span fields, enum finding_reader reader)
{
    struct gather g = {.rd = rd, .reader = reader};
    struct field_group group;
    size_t bad = 0;
    bool truncated = false;
    while (fields_read_group(rd->scratch, &fields, LIMIT_HEADER_LINES, &group, &bad, &truncated)) {
        /* A recipient's fields that continue after a blank line do not name it again. */
        bool names = fields_get(&group, "Final-Recipient").s || fields_get(&group, "Original-Recipient").s;
        if (names)
            end_group(&g);
        if (!names && !rd->status_group.count)
            rd->status_group = group;
        for (size_t i = 0; i < group.count; i++)
            if (!read_recipient_field(&g, &group.fields[i]))
                read_message_field(&g, &group.fields[i]);
        if (truncated)
            break;
    }
    end_group(&g);
    emit(&g, &g.before);
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

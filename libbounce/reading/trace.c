/* SPDX-License-Identifier: MIT */
/*
 * trace.c - says how a message was read, line by line.
 *
 * In: a reading. Out: lines of the report's trace. Nothing depends on them, and
 * what is looked at only for them leaves no warning.
 */
#include "reading/trace.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "reading/gate.h"
#include "reading/writer.h"

#include <stdio.h>

enum { SHOWN_BYTES = 100 };

/* The start of a text, in one line. */
static const char *front(struct reading *rd, struct span s)
{
    struct norm_text n;
    text_normalise(rd->scratch, s, 4 * SHOWN_BYTES, &n);
    size_t kept = utf8_cut(n.text, n.length, SHOWN_BYTES);
    return arena_printf(rd->scratch, "%.*s%s", (int)kept, n.text, kept < n.length || n.truncated ? " ..." : "");
}

void trace_gate(struct reading *rd)
{
    const char *why = gate_sign_name(gate_sign(rd));
    if (why)
        report_trace(rd->report, "gate: open: %s", why);
    else
        report_trace(rd->report, "gate: closed: no sign of a report in the header");
    report_trace(rd->report, "machine: %s",
                 rd->report->machine ? "the header shows that a program wrote the mail (sign machine)"
                                     : "the header does not show that a program wrote the mail");
    const struct sign_sum sum = recognition_sum(rd->recognition);
    report_trace(rd->report, "signs of the header: %d; of the body: %d at most; threshold: %d", sum.header,
                 sum.body_most, sum.threshold);
}

/* Each sign that held, and their sum. */
static void trace_signs(struct reading *rd)
{
    struct weighed_sign held[2 * LIMIT_WEIGHED_SIGNS];
    size_t count = recognition_weighed(rd->recognition, held, COUNT(held));
    for (size_t i = 0; i < count; i++)
        report_trace(rd->report, "sign: %s %+d", held[i].name, held[i].weight);
    const struct sign_sum sum = recognition_sum(rd->recognition);
    report_trace(rd->report, "signs: %d, threshold %d: %s", sum.header + sum.body, sum.threshold,
                 rd->report->kind == BOUNCE_KIND_NONE ? "no report" : "a report");
}

/* "qmail (70-mta.rules:66)" */
static const char *dialect_place(struct reading *rd, size_t layer, const struct dialect *d)
{
    const struct layer *tables = ruleset_layer(rd->rules, layer);
    return arena_printf(rd->scratch, "%s (%s:%u)", layer_string(tables, d->id), layer_string(tables, d->file), d->line);
}

/* As in a rule file, except that phrases are folded. */
static void put_pattern(struct strbuf *b, const struct layer *layer, const struct pattern *p)
{
    if (p->is_regex) {
        strbuf_puts(b, arena_printf(b->arena, " /%s/", layer_string(layer, p->text)));
        return;
    }
    if (p->is_row) {
        strbuf_puts(b, arena_printf(b->arena, " %s", layer_string(layer, p->text)));
        return;
    }
    for (size_t i = 0; i < p->segment_count; i++) {
        struct span part = pattern_segment(layer, p, i);
        strbuf_puts(b, i ? " ... " : " ");
        strbuf_add(b, part.s, part.n);
    }
    if (p->open_end)
        strbuf_putc(b, '*');
}

static void put_condition(struct strbuf *b, const struct layer *layer, const struct know *know)
{
    static const char *const keys[] = {[KNOW_SUBJECT] = "subject",
                                       [KNOW_FROM] = "from",
                                       [KNOW_TYPE] = "type",
                                       [KNOW_BODY] = "body",
                                       [KNOW_HEADER] = "header ",
                                       [KNOW_REPORTING_MTA] = "reporting-mta",
                                       [KNOW_DIAGNOSTIC] = "diagnostic",
                                       [KNOW_SIGN] = "sign "};
    strbuf_puts(b, know->negated ? "not " : "");
    strbuf_puts(b, keys[know->key]);
    if (know->key == KNOW_HEADER || know->key == KNOW_SIGN)
        strbuf_puts(b, layer_string(layer, know->header));
    if (!know->any && know->key != KNOW_SIGN)
        put_pattern(b, layer, &know->pattern);
}

/* The conditions of a dialect that hold: one `know`, and each `also` below it. */
static void trace_held(struct reading *rd, const struct held_group *held)
{
    const struct layer *layer = ruleset_layer(rd->rules, held->layer);
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_puts(&b, "dialect ");
    strbuf_puts(&b, dialect_place(rd, held->layer, held->dialect));
    strbuf_puts(&b, held->left_out ? " holds, but is left out: " : " holds: ");
    for (size_t i = 0; i < held->group->count; i++) {
        strbuf_puts(&b, i ? "; also " : "know ");
        put_condition(&b, layer, &layer->knows[layer->groups.conditions[held->group->first + i]]);
    }
    report_trace(rd->report, "%s", b.s);
}

/* The groups of a dialect are next to each other. */
static bool is_other(const struct reading *rd, const struct held_group *before, const struct held_group *held)
{
    return !held->left_out && held->dialect != rd->dialect && !(before && before->dialect == held->dialect);
}

/* The dialects that also held, and would have been chosen without those before them. */
static const char *others(struct reading *rd, const struct held_group *held)
{
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    for (const struct held_group *before = NULL; held; before = held, held = held->next)
        if (is_other(rd, before, held)) {
            strbuf_puts(&b, b.n ? ", " : ", before ");
            strbuf_puts(&b, layer_string(ruleset_layer(rd->rules, held->layer), held->dialect->id));
        }
    return b.s;
}

static void trace_writer(struct reading *rd)
{
    unsigned flags = rd->m.flags; /* an explanation looks at more fields than the reading */
    const struct held_group *first = recognition_held(rd->recognition);
    rd->m.flags = flags;
    for (const struct held_group *held = first; held; held = held->next)
        trace_held(rd, held);
    const char *software = dialect_software(rd);
    if (rd->dialect)
        report_trace(rd->report, "writer: %s, by dialect %s%s", software ? software : "unknown",
                     dialect_place(rd, rd->dialect_layer, rd->dialect), others(rd, first));
    else
        report_trace(rd->report, "writer: unknown");
}

/* "by status-fields in part 2, line 12" */
static void put_place(struct strbuf *b, const struct finding *f)
{
    strbuf_puts(b, " by ");
    strbuf_puts(b, finding_reader_name(f->reader));
    if (f->where) {
        strbuf_puts(b, " in ");
        strbuf_puts(b, f->where);
    }
    if (f->line)
        strbuf_puts(b, arena_printf(b->arena, ", line %u", f->line));
}

static void put_names(struct strbuf *b, const struct finding *f)
{
    if (f->address)
        strbuf_puts(b, arena_printf(b->arena, " <%s>", f->address));
    if (f->alias)
        strbuf_puts(b, arena_printf(b->arena, " alias <%s>", f->alias));
}

static void put_captures(struct strbuf *b, const struct finding *f)
{
    if (f->action)
        strbuf_puts(b, arena_printf(b->arena, " action %s", bounce_action_name(f->action)));
    if (f->status.class_)
        strbuf_puts(b, arena_printf(b->arena, " status %s", enhanced_format(b->arena, f->status)));
    if (f->reply_code)
        strbuf_puts(b, arena_printf(b->arena, " code %d", f->reply_code));
    if (f->command)
        strbuf_puts(b, arena_printf(b->arena, " command %s", bounce_command_name(f->command)));
    if (f->remote_mta)
        strbuf_puts(b, arena_printf(b->arena, " remote %s", f->remote_mta));
}

static void put_text(struct reading *rd, struct strbuf *b, const struct finding *f)
{
    if (!f->text)
        return;
    strbuf_puts(b, arena_printf(b->arena, ": text %u (%s): %s", f->text->id, text_origin_name(f->origin),
                                front(rd, f->text->raw)));
}

static void trace_finding(struct reading *rd, size_t i)
{
    const struct finding *f = &rd->findings.list[i];
    struct strbuf b;
    strbuf_init(&b, rd->scratch);
    strbuf_puts(&b, arena_printf(rd->scratch, "finding %zu: %s", i + 1, finding_kind_name(f->kind)));
    if (f->parent != i)
        strbuf_puts(&b, arena_printf(rd->scratch, " of %u", f->parent + 1));
    put_place(&b, f);
    put_names(&b, f);
    put_captures(&b, f);
    put_text(rd, &b, f);
    if (f->dropped_by)
        strbuf_puts(&b, arena_printf(rd->scratch, "; dropped by %s", f->dropped_by));
    report_trace(rd->report, "%s", b.s);
}

/* What an automatic reply says, and the words that say so. */
static void trace_told(struct reading *rd)
{
    static const char *const names[] = {[TOLD_UNTIL] = "until",
                                        [TOLD_LEFT] = "left",
                                        [TOLD_NEW_ADDRESS] = "new_address",
                                        [TOLD_CONTACT] = "alternative_contact"};
    for (size_t i = 0; i < TOLD_COUNT; i++)
        if (rd->told[i])
            report_trace(rd->report, "auto_reply: %s by: %s", names[i], front(rd, span_z(rd->told[i])));
}

void trace_reading(struct reading *rd)
{
    trace_writer(rd);
    report_trace(rd->report, "text: lines %zu to %zu of %zu are read", rd->region_first + 1, rd->region_last,
                 rd->line_count);
    const struct arena_mark mark = arena_mark(rd->scratch);
    for (size_t i = 0; i < rd->findings.count; i++) {
        trace_finding(rd, i);
        arena_rewind(rd->scratch, mark); /* thousands must not add up */
    }
    if (rd->by_signs)
        trace_signs(rd);
    trace_told(rd);
    report_trace(rd->report, "kind: %s; recipients: %zu", bounce_kind_name(rd->report->kind), rd->resolved.count);
}

static const char *fact_name(enum tristate fact)
{
    return fact == FACT_TRUE ? "yes" : fact == FACT_FALSE ? "no" : "not known";
}

void trace_trust(const struct reading *rd)
{
    const struct trust *t = &rd->report->trust;
    report_trace(rd->report, "sent by you: %s (%s); returned: %s; null sender: %s; related reporter: %s",
                 bounce_sent_name(t->sent), t->sent_why, bounce_report_trust(rd->report, BOUNCE_TRUST_RETURNED),
                 fact_name(t->null_sender), fact_name(t->reporter_related));
}

/* SPDX-License-Identifier: MIT */
/*
 * trace.c - tells how a message was read, line by line.
 *
 * In: a reading. Out: lines of the report's trace. Nothing depends on them.
 */
#include "reading/trace.h"
#include "base/utf8.h"
#include "reading/gate.h"
#include "reading/writer.h"

#include <stdio.h>

enum { SHOWN_BYTES = 100 };

/* The front of a text, in one line. */
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
}

static void trace_writer(struct reading *rd)
{
    const struct dialect *d = rd->dialect;
    if (!d) {
        report_trace(rd->report, "writer: unknown");
        return;
    }
    const struct layer *layer = ruleset_layer(rd->rules, rd->dialect_layer);
    const char *software = dialect_software(rd);
    report_trace(rd->report, "writer: %s, by dialect %s (%s:%u)", software ? software : "unknown",
                 layer_string(layer, d->id), layer_string(layer, d->file), d->line);
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

void trace_reading(struct reading *rd)
{
    trace_writer(rd);
    report_trace(rd->report, "text: lines %zu to %zu of %zu are read", rd->region_first + 1, rd->region_last,
                 rd->line_count);
    for (size_t i = 0; i < rd->findings.count; i++)
        trace_finding(rd, i);
    report_trace(rd->report, "kind: %s; recipients: %zu", bounce_kind_name(rd->report->kind), rd->resolved.count);
}

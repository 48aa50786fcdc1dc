/* SPDX-License-Identifier: MIT */
/*
 * render.c - one report after another, in the chosen format.
 *
 * In: reports, and where each came from. Out: a line, rows or an object for each, and the totals. JSON comes from the
 * library (doc/output.md), text and CSV from the files in this folder. Nothing is refused.
 */
#include "render/render.h"

#include "render/json_pick.h"
#include "render/render_csv.h"
#include "render/render_undecided.h"
#include "render/summary_record.h"
#include "render/suppress.h"

/* For JSON that does not fit into the output's spare room: it is copied. */
static bool render_long_json(struct output *o, bounce_report *report, const bounce_source *source)
{
    const char *json;
    size_t length;
    if (bounce_report_json(report, source, &json, &length) != BOUNCE_OK)
        return false;
    output_add(o, json, length);
    output_putc(o, '\n');
    return true;
}

static bool render_json(struct output *o, bounce_report *report, const bounce_source *source)
{
    size_t room, length;
    char *to = output_room(o, &room);
    if (bounce_report_json_into(report, source, to, room, &length) != BOUNCE_OK)
        return render_long_json(o, report, source);
    to[length] = '\n';
    output_advance(o, length + 1);
    return true;
}

/* A message is shown if one of its recipients is, or if it has none and passes itself. */
static bool shows(const struct selection *f, const bounce_report *report)
{
    size_t count = bounce_report_recipients(report);
    bool any = count == 0 && filter_passes(f, report, NULL);
    for (size_t i = 0; i < count && !any; i++)
        any = filter_passes(f, report, bounce_report_recipient(report, i));
    return any;
}

void render_begin(const struct renderer *r, bool with_header)
{
    if (r->format == FORMAT_CSV && with_header && r->fields)
        pick_csv_header(r->out, r->fields);
    else if (r->format == FORMAT_CSV && with_header)
        render_csv_header(r->out, r->headers, r->header_count, r->as);
}

/* Without enough memory, returns false and writes nothing. */
static bool render(struct renderer *r, bounce_report *report, const bounce_source *source)
{
    const struct selection *f = r->filter;
    switch (r->format) {
    case FORMAT_JSON:
        return f || r->fields || r->as ? pick_json(r->out, report, source, f, r->fields, r->as)
                                       : render_json(r->out, report, source);
    case FORMAT_CSV:
        if (r->fields)
            return pick_csv(r->out, report, source, f, r->fields);
        render_csv_report(r->out, report, source, f, r->as);
        return true;
    case FORMAT_TEXT: render_text_report(r->out, report, source, f, &r->text); return true;
    case FORMAT_SUPPRESS: render_suppress_report(r->out, report, f); return true;
    case FORMAT_UNDECIDED: render_undecided_report(r->out, report, source, f); return true;
    case FORMAT_SUMMARY: render_summary_record(r->out, report, f); return true;
    }
    return true;
}

bool render_report(struct renderer *r, bounce_report *report, const bounce_source *source)
{
    const struct selection *f = r->filter;
    if (f && r->format != FORMAT_SUPPRESS && !shows(f, report))
        return true;
    if (!render(r, report, source))
        return false;
    totals_count(&r->totals, report, f);
    return true;
}

void render_end(const struct renderer *r, const char *noun)
{
    if (r->format != FORMAT_TEXT || r->text.quiet)
        return;
    output_flush(r->out); /* the totals must come after it if both go to the same terminal */
    if (!r->out->error_number)
        render_text_totals(&r->totals, noun);
}

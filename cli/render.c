/* SPDX-License-Identifier: MIT */
/* render.c - one report in the format that was asked for; counts as it goes. */
#include "cli.h"

static bool is_report(const bounce_report *report)
{
    switch (bounce_report_kind(report)) {
    case BOUNCE_KIND_DSN:
    case BOUNCE_KIND_NDR:
    case BOUNCE_KIND_ARF: return true;
    default: return bounce_report_recipients(report) > 0;
    }
}

static void count(struct totals *t, const bounce_report *report)
{
    t->messages++;
    t->reports += is_report(report);
    size_t n = bounce_report_recipients(report);
    t->recipients += n;
    for (size_t i = 0; i < n; i++) {
        bounce_type type = bounce_recipient_type(bounce_report_recipient(report, i));
        ++*(type == BOUNCE_TYPE_HARD ? &t->hard : type == BOUNCE_TYPE_SOFT ? &t->soft : &t->none);
    }
}

/* Past the room that there is at least, a longer one is copied. */
static void render_long_json(struct output *o, bounce_report *report, const bounce_source *source)
{
    const char *json;
    size_t length;
    if (bounce_report_json(report, source, &json, &length) != BOUNCE_OK)
        return;
    output_add(o, json, length);
    output_putc(o, '\n');
}

static void render_json(struct output *o, bounce_report *report, const bounce_source *source)
{
    size_t room, length;
    char *to = output_room(o, &room);
    if (bounce_report_json_into(report, source, to, room, &length) != BOUNCE_OK) {
        render_long_json(o, report, source);
        return;
    }
    to[length] = '\n';
    output_advance(o, length + 1);
}

void render_begin(struct session *s)
{
    /* The parts of --shard, put together, have one header. */
    if (s->settings->format == FORMAT_CSV && s->settings->shard <= 1)
        render_csv_header(s->out);
}

void render_report(struct session *s, bounce_report *report, const bounce_source *source)
{
    count(&s->totals, report);
    switch (s->settings->format) {
    case FORMAT_JSON: render_json(s->out, report, source); break;
    case FORMAT_CSV: render_csv_report(s->out, report, source); break;
    case FORMAT_TEXT:
        for (size_t i = 0; i < bounce_report_recipients(report); i++)
            render_text_recipient(s, bounce_report_recipient(report, i));
        break;
    }
}

void render_end(struct session *s)
{
    if (s->settings->format == FORMAT_TEXT)
        render_text_totals(s);
}

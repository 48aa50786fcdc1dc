/* SPDX-License-Identifier: MIT */
/*
 * render_undecided.c - what no rule decided.
 *
 * In: reports. Out: a line for each recipient whose reason comes from a general code or from nothing: where it was, and
 * its wording (bounce_report_wording()), separated by a tab. Refused: recipients without text.
 */
#include "render/render_undecided.h"

enum { LEAST_UNDECIDED_TIER = 6 };

static bool is_undecided(const bounce_recipient *r)
{
    uint64_t tier;
    if (bounce_recipient_type(r) == BOUNCE_TYPE_NONE)
        return false;
    return !bounce_recipient_number(r, BOUNCE_RECIPIENT_EVIDENCE_TIER, &tier) || tier >= LEAST_UNDECIDED_TIER;
}

/* Writes the path on one line, whatever it contains. */
static void put_place(struct output *o, const bounce_source *source)
{
    const char *path = source && source->path ? source->path : "standard input";
    for (; *path; path++)
        output_putc(o, (unsigned char)*path < ' ' || *path == 0x7f ? '?' : *path);
    if (source && source->index != BOUNCE_NO_NUMBER) {
        output_puts(o, ", number ");
        output_number(o, source->index + 1);
    }
    output_putc(o, '\t');
}

void render_undecided_report(struct output *o, bounce_report *report, const bounce_source *source,
                             const struct selection *filter)
{
    for (size_t i = 0; i < bounce_report_recipients(report); i++) {
        const bounce_recipient *r = bounce_report_recipient(report, i);
        if ((filter && !filter_passes(filter, report, r)) || !is_undecided(r))
            continue;
        const char *wording = bounce_report_wording(report, i);
        if (!wording)
            continue;
        put_place(o, source);
        for (; *wording; wording++)
            output_putc(o, (unsigned char)*wording < ' ' ? ' ' : *wording);
        output_putc(o, '\n');
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * results.c - where results go, and in which form.
 *
 * In: what renderers write. Out: the same on standard output or in a file; or the addresses to suppress, or a summary,
 * once everything has been read. Refused: files that cannot be written.
 */
#include "results.h"

#include "output/complain.h"
#include "summary/summary_json.h"
#include "summary/summary_page.h"
#include "summary/summary_text.h"

#include <errno.h>
#include <string.h>

bool results_open(struct results_file *f, const struct settings *s, struct output *o)
{
    *f = (struct results_file){.page = {.to_keeper = -1}, .was_empty = true};
    if (!s->output)
        return true;
    int failed = s->summary == SUMMARY_HTML ? new_file_begin(&f->page, o, s->output)
                                            : output_file_append(o, s->output, &f->was_empty);
    if (failed)
        complain(s->output, strerror(failed));
    return !failed;
}

bool results_close(struct results_file *f, const struct settings *s)
{
    int failed = new_file_end(&f->page, f->is_whole);
    if (failed)
        complain(s->output, strerror(failed));
    return !failed;
}

bool results_begin(struct results *r, const struct settings *s, struct output *o, struct results_file *file)
{
    *r = (struct results){.settings = s, .out = o, .file = file};
    bool begun = true;
    if (s->suppress)
        begun = suppress_begin(&r->suppress);
    else if (s->summary)
        begun = (r->summary = summary_new()) != NULL;
    else if (s->undecided)
        begun = (r->undecided = undecided_begin()) != NULL;
    if (!begun)
        complain(NULL, strerror(ENOMEM));
    return begun;
}

struct output *results_input(struct results *r)
{
    if (r->settings->suppress)
        return &r->suppress.in;
    return r->summary ? &r->summary->in : r->undecided ? &r->undecided->in : r->out;
}

enum format results_format(const struct results *r)
{
    if (r->settings->suppress)
        return FORMAT_SUPPRESS;
    return r->summary ? FORMAT_SUMMARY : r->undecided ? FORMAT_UNDECIDED : r->settings->format;
}

static bool write_summary(struct results *r, const struct totals *totals)
{
    struct shared_cause cause;
    char text[1024];
    if (!summary_finish(r->summary, totals))
        return false;
    /* An older page is worth more than one without any messages. */
    if (r->settings->summary == SUMMARY_HTML && r->settings->output && !totals->messages && totals->unreadable)
        return false;
    switch (r->settings->summary) {
    case SUMMARY_JSON: summary_write_json(r->out, r->summary); break;
    case SUMMARY_HTML: summary_write_page(r->out, r->summary); break;
    default: summary_write_text(r->out, r->summary); break;
    }
    output_flush(r->out);
    if (r->settings->summary != SUMMARY_TEXT && summary_shared_cause(r->summary, &cause)) {
        summary_cause_text(r->summary, &cause, text, sizeof text);
        complain("warning", text);
    }
    return true;
}

bool results_end(struct results *r, const struct totals *totals)
{
    bool ended = true;
    if (r->settings->suppress)
        ended = suppress_end(&r->suppress, r->out, r->settings->force);
    else if (r->summary)
        ended = write_summary(r, totals);
    else if (r->undecided)
        ended = undecided_print(r->undecided, &r->sources, totals->hard + totals->soft, r->out);
    rule_files_forget(&r->sources);
    undecided_free(r->undecided);
    r->undecided = NULL;
    summary_free(r->summary);
    r->summary = NULL;
    r->file->is_whole = ended;
    return ended;
}

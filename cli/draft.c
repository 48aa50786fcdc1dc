/* SPDX-License-Identifier: MIT */
/*
 * draft.c - rules for wrongly judged mail.
 *
 * In: mails or replies, and the reason that would be right. Out: a rule file with a rule for each wording that is
 * judged differently, and a comment with that verdict. Refused: recipients without text, and texts that no phrase can
 * find.
 */
#include "draft.h"

#include "drafts.h"
#include "each_mail.h"
#include "output/complain.h"
#include "output/escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRAFTS_MAX = 100 };

struct drafting {
    const struct draft_input *in;
    struct drafts drafts;
    bounce_reason reason;
    struct output *out;
    char *wordings[DRAFTS_MAX]; /* for which a rule was drafted, or could not be */
    size_t wording_count, too_many, right, mute, no_phrase, recipients;
};

static bool is_new(struct drafting *d, const char *wording)
{
    for (size_t i = 0; i < d->wording_count; i++)
        if (strcmp(d->wordings[i], wording) == 0)
            return false;
    if (d->wording_count == DRAFTS_MAX) {
        d->too_many++;
        return false;
    }
    d->wordings[d->wording_count] = strdup(wording);
    return d->wordings[d->wording_count] && ++d->wording_count;
}

/* "# Was judged soft unknown by code/reply." */
static void put_verdict(struct output *o, const bounce_recipient *r)
{
    const char *rule = bounce_recipient_string(r, BOUNCE_RECIPIENT_EVIDENCE_RULE);
    output_puts(o, "\n# It was judged ");
    output_puts(o, bounce_type_name(bounce_recipient_type(r)));
    output_putc(o, ' ');
    output_puts(o, bounce_reason_name(bounce_recipient_reason(r)));
    output_puts(o, rule ? ", by " : ", by no rule");
    output_escaped(o, rule ? rule : "", ESCAPE_ONE_LINE, 0);
    output_puts(o, ".\n");
}

/* All drafts go into one file, whose first line is written once. */
static void put_draft(struct drafting *d, const bounce_recipient *r, const char *rule)
{
    if (d->drafts.count == 1)
        output_puts(d->out, "format 2\n\n"
                            "# Read this again: do these words always mean this, and does nobody say them\n"
                            "# about something else? Is anybody's name left? Shorten the phrase to what\n"
                            "# matters, say in `why` who writes it, and give a `near` that you know and that\n"
                            "# means something else.\n");
    put_verdict(d->out, r);
    output_puts(d->out, rule);
}

static void draft_recipient(struct drafting *d, bounce_report *report, size_t index)
{
    const bounce_recipient *r = bounce_report_recipient(report, index);
    if (d->in->filter && !filter_passes(d->in->filter, report, r))
        return;
    d->recipients++;
    if (bounce_recipient_reason(r) == d->reason) {
        d->right++;
        return;
    }
    const char *wording = bounce_report_wording(report, index);
    if (!wording) {
        d->mute++;
        return;
    }
    if (!is_new(d, wording))
        return;
    const char *rule = drafts_make(&d->drafts, d->reason, wording);
    if (rule)
        put_draft(d, r, rule);
    else
        d->no_phrase++;
}

static void draft_report(struct drafting *d, bounce_status status, bounce_report *report)
{
    for (size_t i = 0; status == BOUNCE_OK && i < bounce_report_recipients(report); i++)
        draft_recipient(d, report, i);
    bounce_report_free(report);
}

static void draft_mail(void *data, const bounce_view *view)
{
    struct drafting *d = data;
    bounce_report *report = NULL;
    bounce_status status = bounce_parse(d->drafts.parser, view->bytes, view->length, &report, NULL);
    draft_report(d, status, report);
}

static void draft_reply(struct drafting *d, const char *text, size_t length)
{
    bounce_report *report = NULL;
    bounce_status status = bounce_parse_reply(d->drafts.parser, text, length, d->in->context, &report, NULL);
    draft_report(d, status, report);
}

static bool draft_lines(struct drafting *d)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t n;
    while ((n = getline(&line, &capacity, stdin)) >= 0)
        draft_reply(d, line, n && line[n - 1] == '\n' ? (size_t)n - 1 : (size_t)n);
    free(line);
    return !ferror(stdin);
}

static bool read_all(struct drafting *d)
{
    const struct draft_input *in = d->in;
    static const char *const standard_input[] = {"-"};
    bool good = true;
    if (in->are_replies && !in->count)
        return draft_lines(d);
    for (size_t i = 0; i < (in->count ? in->count : 1); i++) {
        const char *input = in->count ? in->inputs[i] : *standard_input;
        if (in->are_replies)
            draft_reply(d, input, strlen(input));
        else
            good = each_mail(input, in->format, in->max_bytes, draft_mail, d) && good;
    }
    return good;
}

/* Reports why there are fewer rules than recipients. */
static void tell(const struct drafting *d)
{
    if (!d->recipients)
        complain("--draft-rule", "no bounces there: nothing to make a rule from");
    if (d->right && !d->drafts.count)
        complain("--draft-rule", "it is already judged that way: no rule is needed");
    if (d->mute)
        complain("--draft-rule", "nothing was said about a recipient: perhaps a dialect is missing (bounce-rules(5))");
    if (d->too_many)
        complain("--draft-rule", "there are more than 100 different texts; --undecided shows the most frequent");
    if (d->no_phrase)
        complain("--draft-rule", "a text has no words that could find it: write a \"match\" by hand (bounce-rules(5))");
}

bool draft_rules(const struct draft_input *in, bounce_reason reason, struct rule_sources *sources,
                 const bounce_options *options, struct output *o)
{
    struct drafting *d = calloc(1, sizeof *d);
    if (!d) {
        complain(NULL, strerror(ENOMEM));
        return false;
    }
    d->in = in;
    d->out = o;
    d->reason = reason;
    bool good = drafts_begin(&d->drafts, sources, options) && read_all(d);
    tell(d);
    good = good && d->drafts.count;
    for (size_t i = 0; i < d->wording_count; i++)
        free(d->wordings[i]);
    drafts_end(&d->drafts);
    free(d);
    return good;
}

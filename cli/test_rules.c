/* SPDX-License-Identifier: MIT */
/*
 * test_rules.c - which verdicts rule files would change.
 *
 * In: mailboxes, and two sets of rules. Out: a line for each recipient that the two judge differently, with both
 * verdicts, and a table of these changes, the most frequent first. Refused: what cannot be read.
 */
#include "test_rules.h"

#include "each_mail.h"
#include "output/complain.h"
#include "output/escape.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MAX = 1024, CHANGE_BYTES = 96 };

struct change {
    char text[CHANGE_BYTES]; /* "soft unknown -> hard no-such-user" */
    size_t count;
};

struct comparison {
    struct output *out;
    bounce_parser *before, *after;
    size_t messages, recipients, changed;
    struct change changes[CHANGES_MAX];
    size_t change_count;
};

static void count_change(struct comparison *c, const char *text)
{
    size_t i = 0;
    while (i < c->change_count && strcmp(c->changes[i].text, text) != 0)
        i++;
    if (i == c->change_count && i < CHANGES_MAX)
        snprintf(c->changes[c->change_count++].text, CHANGE_BYTES, "%s", text);
    if (i < CHANGES_MAX)
        c->changes[i].count++;
    c->changed++;
}

/* "inbox.mbox:17: ann@example.net: soft unknown -> hard no-such-user (own/x)" */
static void put_change(struct comparison *c, const bounce_view *view, const char *address, const char *change,
                       const char *rule)
{
    struct output *o = c->out;
    output_escaped(o, view->path ? view->path : "(standard input)", ESCAPE_ONE_LINE, 0);
    output_putc(o, ':');
    if (view->index != BOUNCE_NO_NUMBER && (view->offset || view->index)) {
        output_number(o, view->index + 1);
        output_putc(o, ':');
    }
    output_putc(o, ' ');
    output_escaped(o, address ? address : "-", ESCAPE_ONE_LINE, 0);
    output_puts(o, ": ");
    output_puts(o, change);
    if (rule) {
        output_puts(o, " (");
        output_escaped(o, rule, ESCAPE_ONE_LINE, 0);
        output_putc(o, ')');
    }
    output_putc(o, '\n');
    count_change(c, change);
}

static void compare_recipients(struct comparison *c, const bounce_view *view, const bounce_recipient *was,
                               const bounce_recipient *is)
{
    char change[CHANGE_BYTES];
    if (bounce_recipient_type(was) == bounce_recipient_type(is) &&
        bounce_recipient_reason(was) == bounce_recipient_reason(is))
        return;
    snprintf(change, sizeof change, "%s %s -> %s %s", bounce_type_name(bounce_recipient_type(was)),
             bounce_reason_name(bounce_recipient_reason(was)), bounce_type_name(bounce_recipient_type(is)),
             bounce_reason_name(bounce_recipient_reason(is)));
    put_change(c, view, bounce_recipient_string(is, BOUNCE_RECIPIENT_ADDRESS), change,
               bounce_recipient_string(is, BOUNCE_RECIPIENT_EVIDENCE_RULE));
}

static void compare_reports(struct comparison *c, const bounce_view *view, const bounce_report *was,
                            const bounce_report *is)
{
    size_t had = bounce_report_recipients(was), has = bounce_report_recipients(is);
    char change[CHANGE_BYTES];
    if (bounce_report_kind(was) != bounce_report_kind(is)) {
        snprintf(change, sizeof change, "kind %s -> %s", bounce_kind_name(bounce_report_kind(was)),
                 bounce_kind_name(bounce_report_kind(is)));
        put_change(c, view, bounce_report_string(is, BOUNCE_REPORT_FROM), change, NULL);
    } else if (had != has) {
        snprintf(change, sizeof change, "%zu recipients -> %zu", had, has);
        put_change(c, view, bounce_report_string(is, BOUNCE_REPORT_FROM), change, NULL);
    }
    for (size_t i = 0; i < had && i < has; i++)
        compare_recipients(c, view, bounce_report_recipient(was, i), bounce_report_recipient(is, i));
    c->recipients += has;
}

static void compare(void *data, const bounce_view *view)
{
    struct comparison *c = data;
    bounce_report *was = NULL, *is = NULL;
    c->messages++;
    if (bounce_parse(c->before, view->bytes, view->length, &was, NULL) == BOUNCE_OK &&
        bounce_parse(c->after, view->bytes, view->length, &is, NULL) == BOUNCE_OK)
        compare_reports(c, view, was, is);
    bounce_report_free(was);
    bounce_report_free(is);
}

static int most_frequent_first(const void *left, const void *right)
{
    const struct change *a = left, *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : strcmp(a->text, b->text);
}

static void put_table(struct comparison *c)
{
    char line[CHANGE_BYTES + 64];
    snprintf(line, sizeof line, "%zu of %zu verdicts change, in %zu messages\n", c->changed, c->recipients,
             c->messages);
    output_puts(c->out, line);
    qsort(c->changes, c->change_count, sizeof *c->changes, most_frequent_first);
    for (size_t i = 0; i < c->change_count; i++) {
        snprintf(line, sizeof line, "%7zu  %s\n", c->changes[i].count, c->changes[i].text);
        output_puts(c->out, line);
    }
}

bool test_rules_against(const struct against *a, bounce_rules *before, bounce_rules *after,
                        const bounce_options *options, struct output *o)
{
    struct comparison *c = calloc(1, sizeof *c);
    bool good = true;
    if (!c) {
        complain(NULL, "memory ran out");
        return false;
    }
    c->out = o;
    c->before = bounce_parser_new(before, options);
    c->after = bounce_parser_new(after, options);
    for (size_t i = 0; i < a->count; i++)
        good = each_mail(a->mailboxes[i], a->format, a->max_bytes, compare, c) && good;
    put_table(c);
    bounce_parser_free(c->before);
    bounce_parser_free(c->after);
    free(c);
    return good;
}

/* SPDX-License-Identifier: MIT */
/*
 * summary_page.c - a summary as a page of HTML.
 *
 * In: the figures of a run. Out: one page that needs nothing else: no script, font or picture; its
 * Content-Security-Policy allows its own style sheet only. Text from mails is written only by page_text(), and is
 * never a link target: the links to block lists' pages come from data/blocklists.tsv. Nothing is refused.
 */
#include "summary/summary_page.h"

#include "summary/page_chart.h"
#include "summary/page_style.h"
#include "summary/page_text.h"
#include "summary/summary_words.h"

#include <stdio.h>
#include <string.h>

enum { BARS_MOST = 12, ROWS_MOST = 25, DAYS_MOST = 366 };

/* --------------------------------------------------------------- pieces */

static void head(struct output *o)
{
    output_puts(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    output_puts(o, page_style_digest);
    output_puts(o, "'; base-uri 'none'; form-action 'none'\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n"
                   "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Bounces</title>\n<style>");
    output_puts(o, page_style);
    output_puts(o, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n");
}

static void section(struct output *o, const char *id, const char *title)
{
    output_puts(o, "<h2 id=\"");
    output_puts(o, id);
    output_puts(o, "\">");
    output_puts(o, title);
    output_puts(o, "</h2>\n");
}

static void note(struct output *o, const char *text)
{
    output_puts(o, "<p class=\"note\">");
    output_puts(o, text);
    output_puts(o, "</p>\n");
}

/* columns: names separated by '|'; those that begin with '#' are numbers, with '%' shares. */
static void table_begin(struct output *o, const char *caption, const char *columns)
{
    output_puts(o, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table: ");
    output_puts(o, caption);
    output_puts(o, "\"><table><caption>");
    output_puts(o, caption);
    output_puts(o, "</caption><thead><tr>");
    while (*columns) {
        size_t n = strcspn(columns, "|"), sign = *columns == '#' || *columns == '%';
        output_puts(o, *columns == '#' ? "<th scope=\"col\" class=\"n\">"
                       : sign          ? "<th scope=\"col\" class=\"n share\">"
                                       : "<th scope=\"col\">");
        output_add(o, columns + sign, n - sign);
        output_puts(o, "</th>");
        columns += n + (columns[n] == '|');
    }
    output_puts(o, "</tr></thead><tbody>\n");
}

static void table_end(struct output *o)
{
    output_puts(o, "</tbody></table></div>\n");
}

/* The first cell of a row. */
static void row(struct output *o, const char *name, const char *unknown)
{
    output_puts(o, "<tr><th scope=\"row\">");
    page_text(o, *name ? name : unknown);
    output_puts(o, "</th>");
}

static void number_cell(struct output *o, uint64_t value)
{
    output_puts(o, "<td class=\"n\">");
    page_number(o, value);
    output_puts(o, "</td>");
}

static void text_cell(struct output *o, const char *text)
{
    output_puts(o, "<td class=\"t\">");
    page_text(o, text);
    output_puts(o, "</td>");
}

static void row_end(struct output *o)
{
    output_puts(o, "</tr>\n");
}

static void inexact(struct output *o, const struct sketch *s, size_t shown)
{
    char text[200];
    if (s->count > shown) {
        snprintf(text, sizeof text, "The other %zu%s are not shown.", s->count - shown,
                 s->is_inexact ? " or more" : "");
        note(o, text);
    }
    if (!s->is_inexact)
        return;
    snprintf(text, sizeof text, "There were too many to count each of them: a count may be too high by %llu.",
             (unsigned long long)(s->sum / SKETCH_VALUES));
    note(o, text);
}

/* --------------------------------------------------------------- tables */

static void counts_cells(struct output *o, const struct summary *s, const struct sketch_counts *c)
{
    number_cell(o, c->all);
    output_puts(o, "<td class=\"n share\">");
    page_share(o, summary_permille(c->all, s->recipients));
    output_puts(o, "</td>");
    number_cell(o, c->hard);
    number_cell(o, c->soft);
    number_cell(o, c->own);
    row_end(o);
}

static void counts_table(struct output *o, const struct summary *s, enum summary_by by)
{
    const struct sketch *sketch = &s->by[by];
    size_t most = by == BY_DAY ? DAYS_MOST : ROWS_MOST, shown = sketch->count < most ? sketch->count : most;
    size_t first = by == BY_DAY ? sketch->count - shown : 0;
    char columns[120];
    snprintf(columns, sizeof columns, "%s|#Recipients|%%Share|#Hard|#Soft|#Own fault", words_for_column(by));
    table_begin(o, words_for_title(by), columns);
    for (size_t i = first; i < first + shown; i++) {
        row(o, sketch->values[i].key, "(not known)");
        counts_cells(o, s, &sketch->values[i].counts);
    }
    table_end(o);
    inexact(o, sketch, shown);
}

/* A chart with its table below. */
static void counted(struct output *o, const struct summary *s, enum summary_by by)
{
    const struct sketch *sketch = &s->by[by];
    char title[120];
    section(o, summary_by_name(by), words_for_title(by));
    if (!sketch->count) {
        note(o, "Nothing.");
        return;
    }
    snprintf(title, sizeof title, "%s: the most frequent; the table below has the numbers", words_for_title(by));
    page_legend(o);
    if (by == BY_DAY)
        page_days(o, sketch);
    else
        page_bars(o, sketch, BARS_MOST, title);
    bool folded = by == BY_DAY && sketch->count > 31;
    output_puts(o, folded ? "<details><summary>The numbers of each day</summary>\n" : "");
    counts_table(o, s, by);
    output_puts(o, folded ? "</details>\n" : "");
}

static void suppress_section(struct output *o, const struct summary *s)
{
    const struct sketch *sketch = &s->by[BY_SUPPRESS];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1];
    section(o, "suppress", words_for_title(BY_SUPPRESS));
    if (!sketch->count) {
        note(o, "None.");
        return;
    }
    note(o, "Mail to these addresses cannot arrive, or is not wanted: do not write to them again. "
            "<code>bounce-classify --suppress</code> lists all of them, each once.");
    table_begin(o, "Addresses to suppress, the most frequent first", "Address|Why|#Recipients");
    for (size_t i = 0; i < shown; i++) {
        row(o, summary_part(sketch->values[i].key, 0, part), "");
        bounce_reason reason = bounce_reason_from_name(summary_part(sketch->values[i].key, 1, part));
        text_cell(o, bounce_reason_meaning(reason));
        number_cell(o, sketch->values[i].counts.all);
        row_end(o);
    }
    table_end(o);
    inexact(o, sketch, shown);
}

static void retry_section(struct output *o, const struct summary *s)
{
    const struct sketch *sketch = &s->by[BY_RETRY];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1], time[40];
    section(o, "retry", words_for_title(BY_RETRY));
    if (!sketch->count) {
        note(o, "Nothing.");
        return;
    }
    table_begin(o, words_for_title(BY_RETRY), "Where|What|Again in|#Recipients");
    for (size_t i = 0; i < shown; i++) {
        row(o, summary_part(sketch->values[i].key, 1, part), "(not known)");
        text_cell(o, words_for_retry(summary_part(sketch->values[i].key, 0, part)));
        text_cell(o, words_for_time(summary_part(sketch->values[i].key, 2, part), time));
        number_cell(o, sketch->values[i].counts.all);
        row_end(o);
    }
    table_end(o);
    inexact(o, sketch, shown);
}

/* Pages are shown as text, not links: a reply may name any page. */
static void mend_section(struct output *o, const struct summary *s)
{
    const struct sketch *sketch = &s->by[BY_MEND];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1];
    section(o, "mend", words_for_title(BY_MEND));
    if (!sketch->count) {
        note(o, "Nothing.");
        return;
    }
    table_begin(o, words_for_title(BY_MEND), "Who refuses|What to do|Page that they name|#Recipients");
    for (size_t i = 0; i < shown; i++) {
        row(o, summary_part(sketch->values[i].key, 1, part), "(not known)");
        text_cell(o, words_for_mend(summary_part(sketch->values[i].key, 0, part)));
        text_cell(o, summary_part(sketch->values[i].key, 2, part));
        number_cell(o, sketch->values[i].counts.all);
        row_end(o);
    }
    table_end(o);
    inexact(o, sketch, shown);
}

static void removal_cell(struct output *o, const char *url)
{
    bool is_link = strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
    output_puts(o, "<td class=\"t\">");
    if (is_link) {
        output_puts(o, "<a rel=\"noreferrer\" href=\"");
        page_text(o, url);
        output_puts(o, "\">");
    }
    page_text(o, url);
    output_puts(o, is_link ? "</a></td>" : "</td>");
}

static void listing_section(struct output *o, const struct summary *s)
{
    const struct sketch *sketch = &s->by[BY_LISTING];
    size_t shown = sketch->count < ROWS_MOST ? sketch->count : ROWS_MOST;
    char part[RECORD_FIELD_BYTES + 1];
    section(o, "listing", words_for_title(BY_LISTING));
    if (!sketch->count) {
        note(o, "No reply named one.");
        return;
    }
    table_begin(o, words_for_title(BY_LISTING), "Your address or domain|Block list|Ask for removal|#Recipients");
    for (size_t i = 0; i < shown; i++) {
        row(o, summary_part(sketch->values[i].key, 0, part), "(not stated)");
        text_cell(o, summary_part(sketch->values[i].key, 1, part));
        removal_cell(o, summary_part(sketch->values[i].key, 3, part));
        number_cell(o, sketch->values[i].counts.all);
        row_end(o);
    }
    table_end(o);
    inexact(o, sketch, shown);
}

static void examples_section(struct output *o, const struct summary *s)
{
    if (!s->example_count)
        return;
    section(o, "examples", "An example of each reason");
    table_begin(o, "The first recipient of each reason", "Reason|Recipient|Subject|What the server said");
    for (size_t i = 0; i < s->example_count; i++) {
        row(o, s->examples[i].reason, "");
        text_cell(o, s->examples[i].address);
        text_cell(o, s->examples[i].subject);
        text_cell(o, s->examples[i].words);
        row_end(o);
    }
    table_end(o);
}

/* ------------------------------------------------------------- the page */

static void figure(struct output *o, const char *name, uint64_t value)
{
    output_puts(o, "<div><dt>");
    output_puts(o, name);
    output_puts(o, "</dt><dd>");
    page_number(o, value);
    output_puts(o, "</dd></div>\n");
}

/* "2026-11-01 to 2026-11-30"; nothing if no day is known. */
static void span_of_days(struct output *o, const struct summary *s)
{
    const struct sketch *days = &s->by[BY_DAY];
    size_t first = days->count && !*days->values[0].key; /* the unknown day sorts before all others */
    if (days->count <= first)
        return;
    output_puts(o, "<p>Reports from ");
    page_text(o, days->values[first].key);
    output_puts(o, " to ");
    page_text(o, days->values[days->count - 1].key);
    output_puts(o, "</p>\n");
}

static void figures(struct output *o, const struct summary *s)
{
    output_puts(o, "<dl class=\"figures\">\n");
    figure(o, "Messages", s->totals.messages);
    figure(o, "Reports", s->totals.reports);
    figure(o, "Recipients", s->recipients);
    figure(o, "Failures", s->failures);
    figure(o, "Recipients dead or unwanted", s->suppress);
    output_puts(o, "<div><dt>Your own fault</dt><dd>");
    page_share(o, summary_permille(s->own, s->failures));
    output_puts(o, "</dd></div>\n");
    if (s->not_yours)
        figure(o, "Not about your mail", s->not_yours);
    if (s->totals.unreadable)
        figure(o, "Could not be read", s->totals.unreadable);
    output_puts(o, "</dl>\n");
    note(o, "Your own fault means failures that continue until you change something: your message, your sender's "
            "address or reputation, or your server.");
}

static void navigation(struct output *o)
{
    static const enum summary_by links[] = {BY_SUPPRESS, BY_RETRY,    BY_MEND,   BY_LISTING, BY_DAY,
                                            BY_REASON,   BY_PROVIDER, BY_REMOTE, BY_DOMAIN};
    output_puts(o, "<nav aria-label=\"Sections\"><ul>\n");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        output_puts(o, "<li><a href=\"#");
        output_puts(o, summary_by_name(links[i]));
        output_puts(o, "\">");
        output_puts(o, words_for_title(links[i]));
        output_puts(o, "</a></li>\n");
    }
    output_puts(o, "</ul></nav>\n");
}

static void warning(struct output *o, const struct summary *s)
{
    struct shared_cause cause;
    char text[1024];
    if (!summary_shared_cause(s, &cause))
        return;
    summary_cause_text(s, &cause, text, sizeof text);
    output_puts(o, "<p class=\"warning\" role=\"note\"><strong>Warning:</strong> ");
    page_text(o, text);
    output_puts(o, ".</p>\n");
}

void summary_write_page(struct output *o, const struct summary *s)
{
    static const enum summary_by charts[] = {BY_DAY, BY_REASON, BY_PROVIDER, BY_REMOTE, BY_DOMAIN};
    static const enum summary_by tables[] = {BY_GROUP, BY_STATUS, BY_SOFTWARE};
    head(o);
    output_puts(o, "<header><h1>Bounces</h1>\n");
    span_of_days(o, s);
    output_puts(o, "</header>\n");
    navigation(o);
    output_puts(o, "<main id=\"main\">\n");
    figures(o, s);
    warning(o, s);
    suppress_section(o, s);
    retry_section(o, s);
    mend_section(o, s);
    listing_section(o, s);
    for (size_t i = 0; i < sizeof charts / sizeof *charts; i++)
        counted(o, s, charts[i]);
    output_puts(o, "<section class=\"more\">\n");
    section(o, "more", "More numbers");
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        counts_table(o, s, tables[i]);
    output_puts(o, "</section>\n");
    examples_section(o, s);
    output_puts(o, "</main>\n<footer>Made by bounce-classify ");
    page_text(o, bounce_version());
    output_puts(
        o,
        ". Text from mails is never markup; characters that could hide or reorder it are shown as \\u202e.</footer>\n"
        "</body>\n</html>\n");
}

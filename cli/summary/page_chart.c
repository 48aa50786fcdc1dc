/* SPDX-License-Identifier: MIT */
/*
 * page_chart.c - charts in a page, as SVG.
 *
 * In: counted values, sorted. Out: pictures as wide as the page, with text of a fixed size: horizontal positions are
 * percentages. A screen reader gets a description, and reads the table below instead. Days that are not dates are left
 * out. Nothing is refused.
 */
#include "summary/page_chart.h"

#include "output/calendar.h"
#include "summary/page_text.h"

#include <stdio.h>
#include <string.h>

enum { ROW_HEIGHT = 40, DAYS_MOST = 366, DAYS_HEIGHT = 160, DAYS_FOOT = 24, DAYS_HEAD = 24, LEAST_SLOTS = 7 };

static uint64_t none_of(const struct sketch_counts *c)
{
    return c->all > c->hard + c->soft ? c->all - c->hard - c->soft : 0;
}

static void begin(struct output *o, int height, const char *title)
{
    char text[40];
    snprintf(text, sizeof text, "%d", height);
    output_puts(o, "<figure><svg role=\"img\" height=\"");
    output_puts(o, text);
    output_puts(o, "\" aria-label=\"");
    page_text(o, title);
    output_puts(o, "\">\n");
}

static void rect(struct output *o, const char *class, double x, double y, double width, double height, bool upright)
{
    char text[200];
    snprintf(text, sizeof text, "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.1f\" width=\"%.3f%%\" height=\"%.1f\"/>\n",
             class, x, y, width, height);
    if (upright ? height > 0 : width > 0)
        output_puts(o, text);
}

void page_legend(struct output *o)
{
    static const struct {
        const char *class, *name;
    } kinds[] = {{"hard", "hard: the address is dead"},
                 {"soft", "soft: may pass later, or once something changes"},
                 {"none", "no failure: delivered, a complaint, a challenge"}};
    output_puts(o, "<div class=\"legend\">");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        output_puts(o, "<span><svg aria-hidden=\"true\"><rect class=\"");
        output_puts(o, kinds[i].class);
        output_puts(o, "\" width=\"12\" height=\"12\"/></svg>");
        output_puts(o, kinds[i].name);
        output_puts(o, "</span>");
    }
    output_puts(o, "</div>\n");
}

/* ------------------------------------------------------ horizontal bars */

/* Names of any length fit: they are above their bars, and clipped at the edge. */
static void bar_label(struct output *o, const struct sketch_value *v, int y)
{
    char text[80];
    snprintf(text, sizeof text, "<text x=\"8\" y=\"%d\">", y + 16);
    output_puts(o, text);
    page_text(o, *v->key ? v->key : "(not known)");
    output_puts(o, " · ");
    page_number(o, v->counts.all);
    output_puts(o, "</text>\n");
}

void page_bars(struct output *o, const struct sketch *s, size_t most, const char *title)
{
    size_t count = s->count < most ? s->count : most;
    const double scale = count && s->values[0].counts.all ? 96.0 / (double)s->values[0].counts.all : 0;
    if (!count)
        return;
    begin(o, (int)count * ROW_HEIGHT + 8, title);
    for (size_t i = 0; i < count; i++) {
        const struct sketch_counts *c = &s->values[i].counts;
        const double widths[] = {scale * (double)c->hard, scale * (double)c->soft, scale * (double)none_of(c)};
        int y = (int)i * ROW_HEIGHT + 4;
        bar_label(o, &s->values[i], y);
        rect(o, "hard", 1, y + 22, widths[0], 12, false);
        rect(o, "soft", 1 + widths[0], y + 22, widths[1], 12, false);
        rect(o, "none", 1 + widths[0] + widths[1], y + 22, widths[2], 12, false);
    }
    output_puts(o, "</svg></figure>\n");
}

/* --------------------------------------------------------- vertical bars */

/* Which of the values are shown. */
struct shown_days {
    const struct sketch_value *first, *end;
    int64_t first_day, last_day;
    uint64_t highest;
};

/* Chooses the last DAYS_MOST days, up to the last one with a value. */
static bool choose_days(const struct sketch *s, struct shown_days *shown)
{
    int64_t day;
    *shown = (struct shown_days){.end = s->values + s->count};
    if (!s->count || !calendar_days(s->values[s->count - 1].key, &shown->last_day))
        return false;
    for (const struct sketch_value *v = shown->end; v-- > s->values;) {
        if (!calendar_days(v->key, &day) || shown->last_day - day >= DAYS_MOST)
            break;
        shown->first = v;
        shown->first_day = day;
        if (v->counts.all > shown->highest)
            shown->highest = v->counts.all;
    }
    return true;
}

/* If there are only a few days, one label names them all: labels at both ends of the axis would not be below their
 * bars. */
static void day_axis(struct output *o, const struct shown_days *shown, bool is_short)
{
    char text[300];
    const int foot = DAYS_HEAD + DAYS_HEIGHT;
    const char *last = shown->end[-1].key;
    const bool is_span = is_short && shown->last_day > shown->first_day;
    snprintf(text, sizeof text,
             "<line class=\"axis\" x1=\"0\" x2=\"100%%\" y1=\"%d\" y2=\"%d\"/>\n"
             "<text class=\"dim\" x=\"8\" y=\"%d\">%.10s%s%.10s</text>\n<text class=\"dim\" x=\"8\" y=\"16\">most: ",
             foot, foot, foot + 17, shown->first->key, is_span ? " to " : "", is_span ? last : "");
    output_puts(o, text);
    page_number(o, shown->highest);
    output_puts(o, "</text>\n");
    if (is_short)
        return;
    snprintf(text, sizeof text, "<text class=\"dim\" x=\"99%%\" y=\"%d\" text-anchor=\"end\">%.10s</text>\n", foot + 17,
             last);
    output_puts(o, text);
}

void page_days(struct output *o, const struct sketch *s)
{
    struct shown_days shown;
    int64_t day = 0;
    if (!choose_days(s, &shown))
        return;
    /* No bar is wider than a seventh, or a single day would fill the page. */
    const int64_t days = shown.last_day - shown.first_day + 1, slots = days < LEAST_SLOTS ? LEAST_SLOTS : days;
    const double slot = 98.0 / (double)slots, scale = (double)DAYS_HEIGHT / (double)shown.highest;
    begin(o, DAYS_HEAD + DAYS_HEIGHT + DAYS_FOOT, "Recipients by day; the table below has the numbers");
    for (const struct sketch_value *v = shown.first; v < shown.end; v++) {
        const struct sketch_counts *c = &v->counts;
        const double heights[] = {scale * (double)c->hard, scale * (double)c->soft, scale * (double)none_of(c)};
        double foot = DAYS_HEAD + DAYS_HEIGHT;
        calendar_days(v->key, &day);
        const double x = 1 + slot * (double)(day - shown.first_day);
        rect(o, "hard", x, foot -= heights[0], slot * 0.85, heights[0], true);
        rect(o, "soft", x, foot -= heights[1], slot * 0.85, heights[1], true);
        rect(o, "none", x, foot - heights[2], slot * 0.85, heights[2], true);
    }
    day_axis(o, &shown, days < LEAST_SLOTS);
    output_puts(o, "</svg></figure>\n");
}

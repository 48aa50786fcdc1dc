/* SPDX-License-Identifier: MIT */
/*
 * json_pick.c - parts of the JSON object of a report.
 *
 * In: a report, whose JSON the library makes; so it is valid and has no spaces outside strings. Out: the same object
 * without the recipients that were filtered out and the keys that were not requested, and with another system's names
 * if requested; or rows of CSV with these keys. Nothing is refused.
 */
#include "render/json_pick.h"

#include "crosswalk/crosswalk_print.h"
#include "render/render_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the position after the string at s. */
static const char *skip_string(const char *s)
{
    for (s++; *s != '"'; s++)
        if (*s == '\\')
            s++;
    return s + 1;
}

/* Returns the position after the value at s. */
static const char *skip_value(const char *s)
{
    size_t depth = 0;
    do {
        if (*s == '"') {
            s = skip_string(s);
            continue;
        }
        depth += *s == '{' || *s == '[';
        depth -= *s == '}' || *s == ']';
        s++;
    } while (depth || (*s != ',' && *s != '}' && *s != ']' && *s != '\0'));
    return s;
}

enum { NAME_BYTES = 128, PARTS_MOST = 4 };

struct picker {
    struct output *out;
    const bounce_report *report;
    const struct selection *filter;
    const struct fields *fields;
    const struct crosswalk *as; /* NULL: none */
};

static bool passes(const struct picker *p, size_t index)
{
    return !p->filter || filter_passes(p->filter, p->report, bounce_report_recipient(p->report, index));
}

static void pick_value(const struct picker *p, const char *s, const char *name, enum shown shown);

/* Writes those members of the object at s whose keys are shown; front is its name and a '.', or "". Returns how
 * many. */
static size_t pick_members(const struct picker *p, const char *s, const char *front)
{
    size_t shown_keys = 0;
    for (s++; *s == '"';) {
        const char *end = skip_string(s), *value = end + 1, *after = skip_value(value);
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "%s%.*s", front, (int)(end - s - 2), s + 1);
        enum shown shown = p->fields ? fields_show(p->fields, name) : SHOWN;
        if (shown) {
            if (shown_keys++)
                output_putc(p->out, ',');
            output_add(p->out, s, (size_t)(value - s));
            pick_value(p, value, name, shown);
        }
        s = after + (*after == ',');
    }
    return shown_keys;
}

static void pick_object(const struct picker *p, const char *s, const char *front)
{
    output_putc(p->out, '{');
    pick_members(p, s, front);
    output_putc(p->out, '}');
}

/* Writes a recipient, with the names of another system. */
static void pick_recipient(const struct picker *p, const char *s, size_t index, enum shown shown)
{
    size_t keys = 1;
    output_putc(p->out, '{');
    if (shown == SHOWN_IN_PART)
        keys = pick_members(p, s, "recipients.");
    else
        output_add(p->out, s + 1, (size_t)(skip_value(s) - s) - 2);
    if (!p->fields || fields_show(p->fields, "recipients.as")) {
        output_puts(p->out, keys ? ",\"as\":" : "\"as\":");
        crosswalk_json(p->out, p->as, p->report, bounce_report_recipient(p->report, index));
    }
    output_putc(p->out, '}');
}

static void pick_array(const struct picker *p, const char *s, const char *name, enum shown shown)
{
    size_t shown_values = 0;
    output_putc(p->out, '[');
    s++;
    for (size_t i = 0; *s != ']'; i++) {
        const char *after = skip_value(s);
        if (strcmp(name, "recipients") != 0 || passes(p, i)) {
            if (shown_values++)
                output_putc(p->out, ',');
            if (p->as && strcmp(name, "recipients") == 0)
                pick_recipient(p, s, i, shown);
            else
                pick_value(p, s, name, *s == '{' ? shown : SHOWN);
        }
        s = after + (*after == ',');
    }
    output_putc(p->out, ']');
}

static void pick_value(const struct picker *p, const char *s, const char *name, enum shown shown)
{
    char front[NAME_BYTES];
    bool is_changed = (p->filter || p->as) && strcmp(name, "recipients") == 0;
    if (*s == '[' && (shown == SHOWN_IN_PART || is_changed)) {
        pick_array(p, s, name, shown);
    } else if (*s == '{' && shown == SHOWN_IN_PART) {
        snprintf(front, sizeof front, "%s.", name);
        pick_object(p, s, front);
    } else {
        output_add(p->out, s, (size_t)(skip_value(s) - s));
    }
}

bool pick_json(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
               const struct fields *fields, const struct crosswalk *as)
{
    const struct picker p = {o, report, filter, fields, as};
    const char *json;
    if (bounce_report_json(report, source, &json, NULL) != BOUNCE_OK)
        return false;
    pick_object(&p, json, "");
    output_putc(o, '\n');
    return true;
}

/* ------------------------------------------------------------------- CSV */

/* The value of a member of the object at s; NULL if s has no such member, or is not an object. */
static const char *member(const char *s, const char *name, size_t n)
{
    if (*s != '{')
        return NULL;
    for (s++; *s == '"';) {
        const char *end = skip_string(s), *value = end + 1;
        if ((size_t)(end - s) == n + 2 && memcmp(s + 1, name, n) == 0)
            return value;
        s = skip_value(value);
        s += *s == ',';
    }
    return NULL;
}

static const char *element(const char *s, size_t index)
{
    for (s++; *s != ']'; s += *s == ',') {
        if (index-- == 0)
            return s;
        s = skip_value(s);
    }
    return NULL;
}

/* Appends the string at s, unescaped, at *to. */
static void append_string(const char *s, char **to)
{
    static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
    for (s++; *s != '"'; s++) {
        if (*s != '\\') {
            *(*to)++ = *s;
            continue;
        }
        const char *letter = strchr(letters, *++s);
        if (letter) {
            *(*to)++ = meant[letter - letters];
        } else if (*s == 'u') { /* below U+0020: nothing else is escaped */
            char digits[5] = {s[1], s[2], s[3], s[4], '\0'};
            *(*to)++ = (char)strtoul(digits, NULL, 16);
            s += 4;
        } else {
            *(*to)++ = *s;
        }
    }
}

/* Appends a value: a list with spaces between its items; an object as JSON. */
static void append_value(const char *s, char **to)
{
    const char *end = skip_value(s);
    if (*s == '"') {
        append_string(s, to);
    } else if (*s == '[' && s[1] != '{') {
        for (s++; *s != ']'; s = skip_value(s), s += *s == ',') {
            append_value(s, to);
            *(*to)++ = ' ';
        }
        *to -= end[-2] != '['; /* no space after the last item */
    } else if (strncmp(s, "null", 4) != 0) {
        memcpy(*to, s, (size_t)(end - s));
        *to += end - s;
    }
}

/* Appends the value of a dotted name in s; if there is a list on the way, the values of all its objects, separated by
 * spaces. */
static void append_named(const char *s, const char *name, char **to)
{
    if (!*name) {
        append_value(s, to);
    } else if (*s == '[') {
        char *const begin = *to;
        for (s++; *s != ']'; s = skip_value(s), s += *s == ',') {
            char *const before = *to, *const after = before == begin ? before : before + 1;
            *before = ' ';
            *to = after;
            append_named(s, name, to);
            *to = *to == after ? before : *to; /* no space for an empty value */
        }
    } else {
        size_t n = strcspn(name, ".");
        s = member(s, name, n);
        if (s)
            append_named(s, name + n + (name[n] == '.'), to);
    }
}

static bool is_code(const char *name)
{
    const char *last = strrchr(name, '.');
    return strcmp(last ? last : name, ".status") == 0 || strcmp(last ? last : name, ".stated_status") == 0;
}

/* Appends what the server said about the recipient at s: an element of `replies` if several recipients share it, else a
 * member of s. */
static void append_diagnostic(const char *json, const char *s, char **to)
{
    static const char key[] = "diagnostic", of[] = "diagnostic_of", list[] = "replies";
    const char *place = member(s, of, sizeof of - 1), *replies = member(json, list, sizeof list - 1);
    const char *shared = place && replies && *place != 'n' ? element(replies, strtoul(place, NULL, 10)) : NULL;
    if (shared)
        append_value(shared, to);
    else
        append_named(s, key, to);
}

/* For fields of recipients, `recipient` says which one. text: room for the value. */
static void csv_value(struct output *o, const char *json, const char *name, size_t recipient, char *text)
{
    static const char of_recipients[] = "recipients.";
    const size_t front = sizeof of_recipients - 1;
    char *end = text;
    if (strncmp(name, of_recipients, front) != 0) {
        append_named(json, name, &end);
    } else {
        const char *list = member(json, name, front - 1), *one = list ? element(list, recipient) : NULL;
        if (one && strcmp(name + front, "diagnostic") == 0)
            append_diagnostic(json, one, &end);
        else if (one)
            append_named(one, name + front, &end);
    }
    *end = '\0';
    render_csv_value(o, text, is_code(name));
}

void pick_csv_header(struct output *o, const struct fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        output_puts(o, i ? "," : "");
        output_puts(o, fields->names[i]);
    }
    output_putc(o, '\n');
}

bool pick_csv(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter,
              const struct fields *fields)
{
    const struct picker p = {o, report, filter, fields, NULL};
    size_t count = fields_are_of_recipients(fields) ? bounce_report_recipients(report) : 0;
    const char *json;
    size_t length;
    if (bounce_report_json(report, source, &json, &length) != BOUNCE_OK)
        return false;
    /* Text is never longer than its JSON, and neither is a list. */
    char *text = malloc(length + 2);
    if (!text)
        return false;
    for (size_t i = 0; i < count || i == 0; i++) {
        if (i < count && !passes(&p, i))
            continue;
        for (size_t k = 0; k < fields->count; k++) {
            output_puts(o, k ? "," : "");
            csv_value(o, json, fields->names[k], i, text);
        }
        output_putc(o, '\n');
    }
    free(text);
    return true;
}

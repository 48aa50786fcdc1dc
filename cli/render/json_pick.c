/* SPDX-License-Identifier: MIT */
/*
 * json_pick.c - parts of the JSON object of a report.
 *
 * In: a report, whose JSON the library makes; so it is valid and has no spaces
 * outside strings. Out: the same object without the recipients that do not pass.
 * Nothing is refused.
 */
#include "render/json_pick.h"

#include <string.h>

/* Behind the string that begins at s. */
static const char *skip_string(const char *s)
{
    for (s++; *s != '"'; s++)
        if (*s == '\\')
            s++;
    return s + 1;
}

/* Behind the value that begins at s. */
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

/* The value of a member of the object at s; NULL if it has none of that name. */
static const char *member(const char *s, const char *name)
{
    size_t n = strlen(name);
    for (s++; *s == '"';) {
        const char *end = skip_string(s), *value = end + 1;
        if ((size_t)(end - s) == n + 2 && memcmp(s + 1, name, n) == 0)
            return value;
        s = skip_value(value);
        s += *s == ',';
    }
    return NULL;
}

void pick_json(struct output *o, bounce_report *report, const bounce_source *source, const struct selection *filter)
{
    const char *json, *value;
    size_t length, shown = 0;
    if (bounce_report_json(report, source, &json, &length) != BOUNCE_OK)
        return;
    value = member(json, "recipients") + 1;
    output_add(o, json, (size_t)(value - json));
    for (size_t i = 0; *value != ']'; i++) {
        const char *end = skip_value(value);
        if (filter_passes(filter, report, bounce_report_recipient(report, i))) {
            if (shown++)
                output_putc(o, ',');
            output_add(o, value, (size_t)(end - value));
        }
        value = end + (*end == ',');
    }
    output_add(o, value, (size_t)(json + length - value));
    output_putc(o, '\n');
}

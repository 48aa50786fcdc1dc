/* SPDX-License-Identifier: MIT */
/*
 * crosswalk.c - what another system would call a verdict.
 *
 * In: data/crosswalk.tsv, which is part of the program, and a recipient. Out: keys and
 * values of the other system. A line fits if its reason and its condition hold; the
 * first that fits gives a key its value. Refused: systems that the table does not have.
 */
#include "crosswalk/crosswalk.h"

#include <stdio.h>
#include <string.h>

static const char table[] = {
#include <crosswalk.inc>
    '\0'};

/* A part of the table. */
struct table_part {
    const char *s;
    size_t n;
};

/* Reads up to one of these characters, and moves *s past it. */
static struct table_part next_part(const char **s, const char *signs)
{
    struct table_part part = {*s, strcspn(*s, signs)};
    *s += part.n + ((*s)[part.n] != '\0');
    return part;
}

static bool is_word(struct table_part part, const char *word)
{
    return strlen(word) == part.n && memcmp(word, part.s, part.n) == 0;
}

bool crosswalk_open(struct crosswalk *c, const char *system)
{
    *c = (struct crosswalk){.system = system};
    for (const char *s = table; *s;) {
        const char *line = s;
        next_part(&s, "\n");
        const char *at = line;
        if (!is_word(next_part(&at, "\t"), system))
            continue;
        c->rows = c->rows ? c->rows : line;
        c->end = s;
    }
    return c->rows != NULL;
}

/* "a,b" or "*". */
static bool names_reason(struct table_part reasons, const char *reason)
{
    if (is_word(reasons, "*"))
        return true;
    for (size_t at = 0; at < reasons.n;) {
        const char *comma = memchr(reasons.s + at, ',', reasons.n - at);
        size_t n = comma ? (size_t)(comma - reasons.s) - at : reasons.n - at;
        if (is_word((struct table_part){reasons.s + at, n}, reason))
            return true;
        at += n + 1;
    }
    return false;
}

static bool holds(struct table_part when, const bounce_recipient *r)
{
    const bool fails = bounce_recipient_type(r) != BOUNCE_TYPE_NONE;
    if (is_word(when, "permanent"))
        return fails && bounce_recipient_permanent(r);
    if (is_word(when, "temporary"))
        return fails && !bounce_recipient_permanent(r);
    if (is_word(when, "delayed"))
        return bounce_recipient_action(r) == BOUNCE_ACTION_DELAYED;
    return is_word(when, "*") || is_word(when, bounce_type_name(bounce_recipient_type(r)));
}

/* Adds KEY=VALUE unless the key is there. */
static size_t add_name(struct table_part part, struct crosswalk_name *names, size_t count)
{
    const char *sign = memchr(part.s, '=', part.n);
    if (!sign || count == CROSSWALK_KEYS)
        return count;
    struct crosswalk_name *name = &names[count];
    size_t key_bytes = (size_t)(sign - part.s);
    name->is_json = sign[-1] == '#';
    snprintf(name->key, sizeof name->key, "%.*s", (int)(key_bytes - name->is_json), part.s);
    snprintf(name->value, sizeof name->value, "%.*s", (int)(part.n - key_bytes - 1), sign + 1);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].key, name->key) == 0)
            return count;
    return count + 1;
}

size_t crosswalk_names(const struct crosswalk *c, const bounce_recipient *r,
                       struct crosswalk_name names[CROSSWALK_KEYS])
{
    const char *reason = bounce_reason_name(bounce_recipient_reason(r));
    size_t count = 0;
    for (const char *s = c->rows; s < c->end;) {
        next_part(&s, "\t");
        struct table_part reasons = next_part(&s, "\t"), when = next_part(&s, "\t"), all = next_part(&s, "\n");
        if (!names_reason(reasons, reason) || !holds(when, r))
            continue;
        for (const char *at = all.s; at < all.s + all.n;)
            count = add_name(next_part(&at, "|\n"), names, count);
    }
    return count;
}

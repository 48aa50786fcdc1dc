/* SPDX-License-Identifier: MIT */
/*
 * file.c - the lines of a policy file.
 *
 * In: text, as data/policy shows it. Out: the settings of a policy, and what each failure counts as. Refused, with line
 * and column: unknown names, values that are invalid or out of range, too many or too few values, settings repeated in
 * the same file.
 */
#include "policy/file.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/limits.h"

struct reading {
    struct bounce_policy *policy;
    struct policy_errors *errors;
    struct span line, rest;
    uint32_t number;
    bool is_set[SETTING_COUNT], is_treated[2][REASON_COUNT], has_reach[TREAT_COUNT];
};

/* The column, in characters, of a place in the line. */
static uint32_t column_of(const struct reading *r, const char *place)
{
    uint32_t column = 1;
    for (const char *c = r->line.s; c < place; c++)
        column += (*c & 0xc0) != 0x80;
    return column;
}

__attribute__((format(printf, 3, 4))) static bool wrong(struct reading *r, const char *place, const char *format, ...)
{
    bounce_error error = {.status = BOUNCE_ERROR_SYNTAX, .line = r->number, .column = column_of(r, place)};
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    if (!r->errors->count++)
        r->errors->first = error;
    if (r->errors->on_error)
        r->errors->on_error(r->errors->data, r->errors->path, &error);
    return false;
}

/* The next word; n 0 at the end of the line. */
static struct span take_word(struct reading *r)
{
    r->rest = span_trim(r->rest);
    size_t n = 0;
    while (n < r->rest.n && !ascii_is_space(r->rest.s[n]))
        n++;
    const struct span word = span_of(r->rest.s, n);
    r->rest = span_of(r->rest.s + n, r->rest.n - n);
    return word;
}

/* A word for error messages: not too long, and without terminal escapes. */
static const char *shown(struct span word, char buffer[static 44])
{
    size_t n = word.n < 40 ? word.n : 40;
    for (size_t i = 0; i < n; i++)
        buffer[i] = word.s[i] > ' ' && word.s[i] < 0x7f ? word.s[i] : '?';
    memcpy(buffer + n, word.n > n ? "..." : "", word.n > n ? 4 : 1);
    return buffer;
}

static bool same(struct span word, const char *z)
{
    return word.n == strlen(z) && memcmp(word.s, z, word.n) == 0;
}

/* Takes the digits off the front of a word; -1 if there are none, or too many. */
static int64_t take_number(struct span *word)
{
    enum { MOST_DIGITS = 10 };
    int64_t value = 0;
    size_t n = 0;
    for (; n < word->n && n <= MOST_DIGITS && ascii_is_digit(word->s[n]); n++)
        value = value * 10 + (word->s[n] - '0');
    if (!n || n > MOST_DIGITS)
        return -1;
    *word = span_of(word->s + n, word->n - n);
    return value;
}

static bool read_span(struct reading *r, struct span word, int64_t *value)
{
    static const struct {
        const char *name;
        int seconds;
    } units[] = {{"s", 1}, {"min", 60}, {"h", 3600}, {"d", SECONDS_OF_DAY}, {"w", 7 * SECONDS_OF_DAY}};
    const struct span whole = word;
    char buffer[44];
    *value = take_number(&word);
    for (size_t i = 0; *value >= 0 && i < COUNT(units); i++)
        if (same(word, units[i].name)) {
            *value *= units[i].seconds;
            return true;
        }
    return wrong(r, whole.s, "'%s' is not a span of time such as 90min, 24h, 7d or 2w", shown(whole, buffer));
}

static bool read_count(struct reading *r, struct span word, bool percent, int64_t *value)
{
    const struct span whole = word;
    char buffer[44];
    *value = take_number(&word);
    if (*value >= 0 && (percent ? same(word, "%") : !word.n))
        return true;
    return wrong(r, whole.s, "'%s' is no %s", shown(whole, buffer), percent ? "share such as 5%" : "number");
}

static bool read_choice(struct reading *r, const struct setting_info *info, struct span word, int64_t *value)
{
    char buffer[44];
    for (*value = 0; info->words[*value]; ++*value)
        if (same(word, info->words[*value]))
            return true;
    return wrong(r, word.s, "'%s' is not %s, %s%s%s", shown(word, buffer), info->words[0], info->words[1],
                 info->words[2] ? " or " : "", info->words[2] ? info->words[2] : "");
}

static bool read_value(struct reading *r, const struct setting_info *info, struct span word, int64_t *value)
{
    char buffer[44];
    if (info->kind == KIND_WORD)
        return read_choice(r, info, word, value);
    if (info->may_be_never && same(word, "never")) {
        *value = SETTING_NEVER;
        return true;
    }
    if (info->kind == KIND_SPAN ? !read_span(r, word, value) : !read_count(r, word, info->kind == KIND_PERCENT, value))
        return false;
    if (*value < info->min)
        return wrong(r, word.s, "'%s' is too small for %s", shown(word, buffer), info->name.s);
    if (*value > info->max)
        return wrong(r, word.s, "'%s' is too large for %s", shown(word, buffer), info->name.s);
    return true;
}

/* The line must end here. */
static bool at_end(struct reading *r)
{
    const struct span more = take_word(r);
    char buffer[44];
    return !more.n || wrong(r, more.s, "'%s' is one word too many", shown(more, buffer));
}

static bool read_setting(struct reading *r, struct span name, enum setting s)
{
    const struct setting_info *info = setting_info(s);
    if (r->is_set[s])
        return wrong(r, name.s, "%s is already in this file", info->name.s);
    r->is_set[s] = true;
    size_t n = 0;
    for (struct span word; (word = take_word(r)).n; n++) {
        if (n == info->values_max)
            return wrong(r, word.s, "%s has at most %zu value%s", info->name.s, n, n == 1 ? "" : "s");
        if (!read_value(r, info, word, &r->policy->values[s][n]))
            return false;
    }
    r->policy->counts[s] = n;
    return n || wrong(r, name.s + name.n, "%s needs a value", info->name.s);
}

/* "treat hard no-such-user as dead" */
static bool read_treat(struct reading *r)
{
    char buffer[44];
    const struct span type = take_word(r);
    const bool hard = same(type, "hard");
    if (!hard && !same(type, "soft"))
        return wrong(r, type.s, "'treat' is followed by hard or soft");
    const struct span name = take_word(r);
    size_t reason = 0;
    while (reason < REASON_COUNT && !same(name, bounce_reason_name((bounce_reason)reason)))
        reason++;
    if (reason == REASON_COUNT)
        return wrong(r, name.s, "'%s' is no reason", shown(name, buffer));
    const struct span as = take_word(r);
    if (!same(as, "as"))
        return wrong(r, as.s, "a reason is followed by 'as'");
    const struct span class = take_word(r);
    const enum treatment t = treatment_by_name(class);
    if (t >= TREAT_COMPLAINT)
        return wrong(r, class.s, "'%s' is not a class of failures", shown(class, buffer));
    if (r->is_treated[hard][reason])
        return wrong(r, type.s, "this reason is already in this file");
    r->is_treated[hard][reason] = true;
    r->policy->treat[hard][reason] = (unsigned char)t;
    return at_end(r);
}

/* "reach dead tenant" */
static bool read_reach(struct reading *r)
{
    char buffer[44];
    const struct span class = take_word(r);
    const enum treatment t = treatment_by_name(class);
    if (t == TREAT_COUNT || t == TREAT_NOTHING || t == TREAT_SERVICE || t == TREAT_DOMAIN || t == TREAT_UNREACHABLE)
        return wrong(r, class.s, "'%s' is not a class with a reach", shown(class, buffer));
    const struct span whom = take_word(r);
    unsigned char reach = BOUNCE_REACH_NOBODY;
    if (same(whom, "scope"))
        reach = BOUNCE_REACH_SCOPE;
    else if (same(whom, "tenant"))
        reach = BOUNCE_REACH_TENANT;
    else if (same(whom, "everywhere"))
        reach = BOUNCE_REACH_EVERYWHERE;
    else
        return wrong(r, whom.s, "'%s' is not scope, tenant or everywhere", shown(whom, buffer));
    if (r->has_reach[t])
        return wrong(r, class.s, "the reach of %s is already in this file", treatment_name(t));
    r->has_reach[t] = true;
    r->policy->reach[t] = reach;
    return at_end(r);
}

static bool read_format(struct reading *r)
{
    const struct span number = take_word(r);
    return same(number, "1") ? at_end(r) : wrong(r, number.s, "the format of policy files is 1");
}

static bool read_line(struct reading *r)
{
    const struct span name = take_word(r);
    const enum setting s = setting_by_name(name);
    char buffer[44];
    if (!name.n)
        return true;
    if (s != SETTING_COUNT)
        return read_setting(r, name, s);
    if (same(name, "treat"))
        return read_treat(r);
    if (same(name, "reach"))
        return read_reach(r);
    if (same(name, "format"))
        return read_format(r);
    return wrong(r, name.s, "'%s' is not a policy setting", shown(name, buffer));
}

void policy_read_text(struct bounce_policy *p, struct span text, struct policy_errors *errors)
{
    struct reading r = {.policy = p, .errors = errors};
    if (span_starts_nocase(text, "\xef\xbb\xbf"))
        text = span_of(text.s + 3, text.n - 3);
    while (span_next_line(&text, &r.line)) {
        r.number++;
        const char *comment = r.line.n ? memchr(r.line.s, '#', r.line.n) : NULL;
        r.rest = comment ? span_of(r.line.s, (size_t)(comment - r.line.s)) : r.line;
        if (errors->count < LIMIT_RULE_ERRORS)
            read_line(&r);
    }
}

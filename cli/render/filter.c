/* SPDX-License-Identifier: MIT */
/*
 * filter.c - which recipients of which messages are shown.
 *
 * In: conditions of --only and --exclude, and the time of --since and --until; a recipient. Out: whether it is shown.
 * Conditions of --only with the same key are alternatives, those with different keys must all hold; one of --exclude
 * is enough. Values may have the wildcards '*' and '?', and case matters only in queue ids. A message without a date
 * is in no span of time. Refused: unknown keys, and values that a key cannot have.
 */
#define _GNU_SOURCE 1 /* FNM_CASEFOLD */
#include "render/filter.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { VALUE_BYTES = 256, NAMES_MOST = 200 };

enum key { TYPE, REASON, GROUP, ACTION, KIND, DOMAIN, ADDRESS, SENDER, REMOTE_MTA, QUEUE_ID, KEYS };
static const char *const key_names[KEYS] = {"type",   "reason",  "group",  "action",     "kind",
                                            "domain", "address", "sender", "remote_mta", "queue_id"};

/* The names of the values of a key that has a fixed set of them. */
static const char *name_of(enum key key, int i)
{
    switch (key) {
    case TYPE: return bounce_type_name((bounce_type)i);
    case REASON: return bounce_reason_name((bounce_reason)i);
    case GROUP: return bounce_group_name((bounce_group)i);
    case ACTION: return bounce_action_name((bounce_action)i);
    case KIND: return bounce_kind_name((bounce_kind)i);
    default: return NULL;
    }
}

/* Numbers beyond the last value repeat an earlier name. */
static bool is_new(enum key key, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(name_of(key, k), name_of(key, i)) == 0)
            return false;
    return true;
}

static bool is_possible(enum key key, const char *value)
{
    bool any_word = name_of(key, 0) != NULL;
    for (int i = 0; any_word && i < NAMES_MOST; i++)
        if (fnmatch(value, name_of(key, i), FNM_CASEFOLD) == 0)
            return true;
    return !any_word;
}

static void list_words(enum key key, char *text, size_t size)
{
    for (int i = 0; i < NAMES_MOST; i++) {
        size_t n = strlen(text);
        if (is_new(key, i))
            snprintf(text + n, size - n, "%s%s", i ? ", " : "", name_of(key, i));
    }
}

/* Copies the next value; returns the rest of the list, or NULL after the last. */
static const char *next_value(const char *values, char value[VALUE_BYTES])
{
    if (!values || !*values)
        return NULL;
    size_t n = strcspn(values, ",");
    snprintf(value, VALUE_BYTES, "%.*s", (int)(n < VALUE_BYTES ? n : VALUE_BYTES - 1), values);
    return values + n + (values[n] == ',');
}

bool filter_add(struct selection *f, const char *condition, bool excludes, char *text, size_t size)
{
    size_t n = strcspn(condition, "=");
    char value[VALUE_BYTES];
    enum key key = TYPE;
    while (key < KEYS && (strlen(key_names[key]) != n || strncasecmp(key_names[key], condition, n) != 0))
        key++;
    if (key == KEYS || !condition[n] || !condition[n + 1]) {
        snprintf(text, size,
                 "not KEY=VALUE with a key of type, reason, group, action, kind, domain, address, sender, "
                 "remote_mta, queue_id");
        return false;
    }
    for (const char *rest = condition + n + 1; (rest = next_value(rest, value));)
        if (!is_possible(key, value)) {
            snprintf(text, size, "unknown %s; it can be ", key_names[key]);
            list_words(key, text, size);
            return false;
        }
    f->rules[f->count++] = (struct selection_rule){key, condition + n + 1, excludes};
    return true;
}

bool filter_is_set(const struct selection *f)
{
    return f->count || f->since[0] || f->until[0];
}

/* Whether the host, or a domain above it, matches. */
static bool is_host_or_below(const char *pattern, const char *host)
{
    for (const char *s = host; s; s = strchr(s, '.') ? strchr(s, '.') + 1 : NULL)
        if (fnmatch(pattern, s, FNM_CASEFOLD) == 0)
            return true;
    return false;
}

static bool is_word(const char *pattern, const char *word)
{
    return word && fnmatch(pattern, word, FNM_CASEFOLD) == 0;
}

static bool names_address(const char *pattern, const bounce_recipient *r)
{
    return is_word(pattern, bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS)) ||
           is_word(pattern, bounce_recipient_string(r, BOUNCE_RECIPIENT_ORIGINAL)) ||
           is_word(pattern, bounce_recipient_address_to_suppress(r));
}

static bool names_domain(const char *pattern, const bounce_recipient *r)
{
    const char *address = bounce_recipient_string(r, BOUNCE_RECIPIENT_ADDRESS);
    const char *at = address ? strrchr(address, '@') : NULL;
    return at && is_host_or_below(pattern, at + 1);
}

/* Case matters: two ids may differ only in that. */
static bool names_queue_id(const char *pattern, const bounce_report *report)
{
    const char *id = bounce_report_string(report, BOUNCE_REPORT_QUEUE_ID);
    return id && fnmatch(pattern, id, 0) == 0;
}

/* The sender of the returned message, where "Name <ann@example.org>" also matches by its address; for a log, the
 * envelope sender. */
static bool names_sender(const char *pattern, const bounce_report *report)
{
    char address[VALUE_BYTES];
    const char *from = bounce_report_string(report, BOUNCE_REPORT_ORIGINAL_FROM);
    const char *open = from ? strrchr(from, '<') : NULL;
    if (!from)
        return is_word(pattern, bounce_report_string(report, BOUNCE_REPORT_ENVELOPE_FROM));
    snprintf(address, sizeof address, "%s", open ? open + 1 : from);
    address[strcspn(address, ">")] = '\0';
    return is_word(pattern, address) || is_word(pattern, from);
}

static bool names_recipient(enum key key, const char *value, const bounce_recipient *r)
{
    const char *host;
    switch (key) {
    case TYPE: return is_word(value, bounce_type_name(bounce_recipient_type(r)));
    case REASON: return is_word(value, bounce_reason_name(bounce_recipient_reason(r)));
    case GROUP: return is_word(value, bounce_group_name(bounce_recipient_group(r)));
    case ACTION: return is_word(value, bounce_action_name(bounce_recipient_action(r)));
    case DOMAIN: return names_domain(value, r);
    case ADDRESS: return names_address(value, r);
    case REMOTE_MTA: host = bounce_recipient_string(r, BOUNCE_RECIPIENT_REMOTE_MTA); break;
    default: return false;
    }
    return host && is_host_or_below(value, host);
}

static bool holds(const struct selection_rule *rule, const bounce_report *report, const bounce_recipient *r)
{
    char value[VALUE_BYTES];
    for (const char *rest = rule->values; (rest = next_value(rest, value));) {
        bool named = rule->key == KIND       ? is_word(value, bounce_kind_name(bounce_report_kind(report)))
                     : rule->key == SENDER   ? names_sender(value, report)
                     : rule->key == QUEUE_ID ? names_queue_id(value, report)
                     : r                     ? names_recipient((enum key)rule->key, value, r)
                                             : false;
        if (named)
            return true;
    }
    return false;
}

static bool is_in_time(const struct selection *f, const bounce_report *report)
{
    const char *date = bounce_report_string(report, BOUNCE_REPORT_DATE);
    if (!date)
        date = bounce_report_string(report, BOUNCE_REPORT_ARRIVAL_DATE);
    if (!f->since[0] && !f->until[0])
        return true;
    /* All dates are in UTC and equally long. */
    return date && (!f->since[0] || strcmp(date, f->since) >= 0) && (!f->until[0] || strcmp(date, f->until) < 0);
}

bool filter_passes(const struct selection *f, const bounce_report *report, const bounce_recipient *r)
{
    bool asked[KEYS] = {false}, held[KEYS] = {false};
    if (!is_in_time(f, report))
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const struct selection_rule *rule = &f->rules[i];
        bool now = holds(rule, report, r);
        if (rule->excludes && now)
            return false;
        asked[rule->key] = asked[rule->key] || !rule->excludes;
        held[rule->key] = held[rule->key] || (!rule->excludes && now);
    }
    for (int key = 0; key < KEYS; key++)
        if (asked[key] && !held[key])
            return false;
    return true;
}

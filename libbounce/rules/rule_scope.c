/* SPDX-License-Identifier: MIT */
/*
 * rule_scope.c - the keyword `scope` of rules.
 *
 * What comes in: `KEY VALUE...`. What goes out: the lists of a struct
 * parsed_scope. Refused, with an error: unknown keys, a key without a value, and
 * values that could never fit.
 */
#include "rules/rule_scope.h"
#include "match/scope.h"

/* 550, 5xx, 45x, none. */
static bool is_code_mask(const char *s)
{
    return strcmp(s, "none") == 0 || (strlen(s) == 3 && strchr("245", s[0]) && strspn(s + 1, "0123456789x") == 2);
}

/* 5.7.1, x.7.1, 5.x.x, none. */
static bool is_status_mask(const char *s)
{
    if (strcmp(s, "none") == 0)
        return true;
    if (!strchr("245x", *s))
        return false;
    for (int part = 0; part < 3; part++, s++) {
        size_t n = *s == 'x' ? 1 : strspn(s, "0123456789");
        if (n < 1 || n > 3 || s[n] != (part < 2 ? '.' : '\0'))
            return false;
        s += n;
    }
    return true;
}

static void add_host(struct reader *r, struct span value, char *lower)
{
    if (strchr(lower, '*'))
        reader_warning(r, value.s, "no host has a \"*\" in its name: a domain includes all hosts below it");
    lower += *lower == '.'; /* all hosts are suffixes, so ".example.net" is example.net */
    reader_add_string(r, LIST_HOSTS, lower);
}

static void add_software(struct reader *r, struct span value, char *lower)
{
    reader_add_string(r, LIST_SOFTWARES, lower);
    *(struct rule_place *)reader_add(r, LIST_SOFTWARE_PLACES, sizeof(struct rule_place)) = reader_place(r, value.s);
}

static void add_lang(struct reader *r, struct span value, char *lower)
{
    if (strspn(lower, "abcdefghijklmnopqrstuvwxyz") != strlen(lower) || strlen(lower) < 2 || strlen(lower) > 3)
        reader_error(r, value.s, "a language is a primary tag of two or three letters, such as de");
    else
        reader_add_string(r, LIST_LANGS, lower);
}

static void add_code(struct reader *r, struct span value, char *lower)
{
    if (is_code_mask(lower))
        reader_add_string(r, LIST_CODES, lower);
    else
        reader_error(r, value.s, "a code is three digits, the last of which may be x (550, 55x, 5xx), or none");
}

static void add_status(struct reader *r, struct span value, char *lower)
{
    if (is_status_mask(lower))
        reader_add_string(r, LIST_STATUSES, lower);
    else
        reader_error(r, value.s, "a status is three numbers, each of which may be x (5.7.1, x.7.1), or none");
}

static void add_command(struct reader *r, struct span value, char *lower)
{
    (void)lower;
    bounce_command command = reader_command(r, value);
    if (command)
        r->entry->rule.scope.commands |= (uint8_t)(1u << command);
}

static void add_origin(struct reader *r, struct span value, char *lower)
{
    for (size_t i = 0; text_origin_name(i); i++) {
        if (strcmp(text_origin_name(i), lower) == 0) {
            r->entry->rule.scope.origins |= (uint8_t)(1u << i);
            return;
        }
    }
    reader_error(r, value.s, "an origin is one of reply diagnostic transcript beside prose%s",
                 reader_hint(r, value, text_origin_name));
}

/* lower: the value in lower case. */
static const struct {
    const char *name;
    void (*add)(struct reader *r, struct span value, char *lower);
} scope_keys[] = {{"host", add_host},     {"software", add_software}, {"command", add_command}, {"code", add_code},
                  {"status", add_status}, {"origin", add_origin},     {"lang", add_lang}};

static const char *scope_key(size_t i)
{
    return i < COUNT(scope_keys) ? scope_keys[i].name : NULL;
}

bool rule_scope_has(struct span word)
{
    size_t i = 0;
    while (scope_key(i) && !word_is(word, scope_key(i)))
        i++;
    return scope_key(i) != NULL;
}

void rule_scope_read(struct reader *r, struct span value, enum reader_list list)
{
    (void)list;
    struct span key = reader_word(&value);
    for (size_t i = 0; scope_key(i); i++) {
        if (!word_is(key, scope_key(i)))
            continue;
        if (!value.n)
            reader_error(r, key.s, "\"scope %s\" needs a value", scope_key(i));
        while (value.n) {
            struct span word = reader_word(&value);
            if (memchr(word.s, ',', word.n))
                reader_warning(r, word.s, "the values of a scope are separated by spaces, without commas");
            scope_keys[i].add(r, word, reader_lower(r, word));
        }
        return;
    }
    reader_error(r, key.s, "unknown scope \"%s\": it is one of host software command code status origin lang%s",
                 reader_show(r, key), reader_hint(r, key, scope_key));
}
